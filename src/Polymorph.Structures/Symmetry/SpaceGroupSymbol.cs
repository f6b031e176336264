using System.Text;

namespace Polymorph.Structures.Symmetry;

/// <summary>Spelling of Hermann-Mauguin symbols.</summary>
internal static class SpaceGroupSymbol
{
    /// <summary>The symbol with a blank between the directions and without underscores, as CIF's <c>_space_group_name_H-M_alt</c> has it.</summary>
    /// <param name="symbol">For example <c>I4_1/amd</c>.</param>
    /// <param name="choice">Origin 1 or 2, axes H or R; other choices are not written.</param>
    public static string Spaced(string symbol, string choice)
    {
        var text = new StringBuilder(symbol.Length * 2);
        for (int i = 0; i < symbol.Length; i++)
        {
            char c = symbol[i];
            if (c == '_')
            {
                continue;
            }

            // A direction is an axis (with minus or screw index), a plane, or an axis over a plane.
            bool continues = i == 0 || c == '/' || symbol[i - 1] is '_' or '/' or '-';
            text.Append(continues ? "" : " ").Append(c);
        }

        return choice is "1" or "2" or "H" or "R" ? text.Append(" :").Append(choice).ToString() : text.ToString();
    }
}
