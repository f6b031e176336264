using System.Globalization;
using Polymorph.Foundation;

namespace Polymorph.Structures.Bonds;

/// <summary>Reads the SMILES of saturated molecules: organic-subset and bracket atoms, branches, ring closures, dots.</summary>
/// <remarks>Grammar: OpenSMILES specification 1.0 (opensmiles.org). Stereo marks are read and dropped, because identity here is connectivity;
/// multiple bonds, aromatic atoms, charges and isotopes are refused by name.</remarks>
public sealed class SmilesReader
{
    private readonly string _text;
    private readonly List<Element> _species = [];
    private readonly List<(int, int)> _bonds = [];
    private readonly List<int> _wanted = [];
    private int _at;

    private SmilesReader(string text) => _text = text;

    /// <summary>The graph of a SMILES, hydrogens added: first the written atoms in order, then the hydrogens in the order of their atoms.</summary>
    /// <param name="smiles">For example <c>CC(C)CO</c> or <c>C1CCCO1</c>.</param>
    /// <exception cref="PolymorphException">PM2303: not a SMILES; the place is the position in the text. PM2304: a SMILES of something else than a saturated molecule.</exception>
    public static MolecularGraph Read(string smiles)
    {
        ArgumentNullException.ThrowIfNull(smiles);
        return new SmilesReader(smiles).Molecule();
    }

    private MolecularGraph Molecule()
    {
        var branches = new Stack<int>();
        var rings = new Dictionary<int, int>();
        int last = -1;
        for (; _at < _text.Length; _at++)
        {
            char c = _text[_at];
            switch (c)
            {
                case '(' when last >= 0:
                    branches.Push(last);
                    break;
                case ')' when branches.Count > 0 && _text[_at - 1] != '(':
                    last = branches.Pop();
                    break;
                case '.' when branches.Count == 0 && last >= 0:
                    last = -1;
                    break;
                case '-' or '/' or '\\' when last >= 0 && NextIsPartner():
                    break;
                case (>= '0' and <= '9') or '%' when last >= 0:
                    CloseRing(rings, RingNumber(), last);
                    break;
                case '[':
                    last = Add(BracketAtom(), last);
                    break;
                case >= 'A' and <= 'Z':
                    last = Add(PlainAtom(), last);
                    break;
                case '=' or '#' or '$' or ':':
                    throw Unsupported($"the bond '{c}' is not single");
                case >= 'a' and <= 'z':
                    throw Unsupported($"'{c}' is an aromatic atom");
                default:
                    throw Bad($"'{c}' cannot stand here");
            }
        }

        if (branches.Count > 0 || rings.Count > 0 || last < 0)
        {
            throw Bad(branches.Count > 0 ? "a bracket is not closed" : rings.Count > 0 ? $"ring bond {rings.Keys.Min()} is not closed" : "the text ends too early");
        }

        return new MolecularGraph(AddHydrogens(), _bonds);
    }

    private bool NextIsPartner() => _at + 1 < _text.Length && _text[_at + 1] is (>= '0' and <= '9') or (>= 'A' and <= 'Z') or '%' or '[';

    private int Add((Element Element, int Hydrogens) atom, int last)
    {
        _species.Add(atom.Element);
        _wanted.Add(atom.Hydrogens);
        if (last >= 0)
        {
            _bonds.Add((last, _species.Count - 1));
        }

        return _species.Count - 1;
    }

    private (Element, int) PlainAtom()
    {
        foreach (int length in (ReadOnlySpan<int>)[2, 1])
        {
            if (_at + length <= _text.Length && _text.Substring(_at, length) is "B" or "C" or "N" or "O" or "P" or "S" or "F" or "Cl" or "Br" or "I")
            {
                var element = Element.Parse(_text.Substring(_at, length));
                _at += length - 1;
                return (element, -1);
            }
        }

        throw Bad($"'{_text[_at]}' is not an atom that may stand without brackets");
    }

    // [symbol, stereo marks, H, count]
    private (Element, int) BracketAtom()
    {
        int end = _text.IndexOf(']', _at);
        if (end < 0)
        {
            throw Bad("a square bracket is not closed");
        }

        var inner = _text.AsSpan(_at + 1, end - _at - 1);
        if (inner.IndexOfAny("+-") >= 0 || (inner.Length > 0 && (char.IsAsciiDigit(inner[0]) || char.IsAsciiLetterLower(inner[0]))))
        {
            throw Unsupported($"[{inner}] is charged, an isotope, or aromatic");
        }

        int length = inner.Length > 1 && char.IsAsciiLetterLower(inner[1]) ? 2 : Math.Min(1, inner.Length);
        if (!Element.TryParse(inner[..length], out var element))
        {
            throw Bad($"[{inner}] does not begin with an element");
        }

        var rest = inner[length..].TrimStart('@');
        int hydrogens = rest is "" ? 0 : rest is "H" ? 1 : -1;
        if (hydrogens < 0 && !(rest[0] == 'H' && rest.Length == 2 && int.TryParse(rest[1..], NumberStyles.None, CultureInfo.InvariantCulture, out hydrogens)))
        {
            throw Bad($"[{inner}] is not an atom");
        }

        _at = end;
        return (element, hydrogens);
    }

    private int RingNumber()
    {
        if (_text[_at] != '%')
        {
            return _text[_at] - '0';
        }

        if (_at + 2 < _text.Length && int.TryParse(_text.AsSpan(_at + 1, 2), NumberStyles.None, CultureInfo.InvariantCulture, out int number))
        {
            _at += 2;
            return number;
        }

        throw Bad("'%' needs two digits");
    }

    private void CloseRing(Dictionary<int, int> rings, int number, int atom)
    {
        if (!rings.Remove(number, out int partner))
        {
            rings.Add(number, atom);
        }
        else if (partner == atom || _bonds.Contains((partner, atom)) || _bonds.Contains((atom, partner)))
        {
            throw Bad($"ring bond {number} joins an atom to itself or to its neighbour");
        }
        else
        {
            _bonds.Add((partner, atom));
        }
    }

    private List<Element> AddHydrogens()
    {
        int[] degree = new int[_species.Count];
        foreach (var (first, second) in _bonds)
        {
            degree[first]++;
            degree[second]++;
        }

        var species = new List<Element>(_species);
        for (int i = 0; i < _species.Count; i++)
        {
            int hydrogens = _wanted[i] >= 0 ? _wanted[i] : Valence.Required(_species[i]) - degree[i];
            if (hydrogens < 0)
            {
                throw Unsupported($"{_species[i].Symbol} with {degree[i]} bonds has more than its valence; write it in square brackets");
            }

            for (int h = 0; h < hydrogens; h++)
            {
                _bonds.Add((i, species.Count));
                species.Add(new Element(1));
            }
        }

        return species;
    }

    private PolymorphException Bad(string reason) =>
        new("PM2303", $"{reason}; '{_text}' is not a SMILES", $"character {_at + 1}", "Check the line; one SMILES stands first on each line.");

    private PolymorphException Unsupported(string reason) =>
        new("PM2304", $"{reason}; '{_text}' is not a saturated molecule", $"character {Math.Min(_at + 1, _text.Length)}",
            "Only single bonds between uncharged atoms are read.");
}
