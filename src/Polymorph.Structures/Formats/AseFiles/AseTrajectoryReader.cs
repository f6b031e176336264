using System.Text.Json;
using Polymorph.Structures.Formats.JsonEntries;

namespace Polymorph.Structures.Formats.AseFiles;

/// <summary>Reads ASE trajectories (<c>.traj</c>), frame by frame.</summary>
/// <remarks>Atomic numbers, periodicity, masses and constraints stand in the first frame and in those that change them. Source: documentation and files of ase.io.trajectory.</remarks>
internal sealed class AseTrajectoryReader : FormatReader
{
    private static readonly string[] AtomArrays = ["positions", "cell", "tags", "momenta"];
    private static readonly string[] HeaderArrays = ["numbers", "masses"];
    private static readonly string[] ResultArrays = ["forces", "stress", "stresses", "energies", "dipole", "charges", "magmoms"];
    private static readonly string[] ResultNumbers = ["energy", "free_energy", "magmom"];

    private readonly UlmFile _ulm;
    private readonly Dictionary<string, double[]> _header = new(StringComparer.Ordinal);
    private bool _open;
    private Periodicity? _periodicity;
    private string? _constraints;

    public AseTrajectoryReader(SeekableFile source, string file, string idName, ReadOptions options)
        : base(file, idName, options) => _ulm = new UlmFile(source, options);

    public override ReadResult? Next()
    {
        if (!_open)
        {
            _ulm.Open();
            _open = true;
            if (_ulm.Tag != "ASE-Trajectory")
            {
                throw new InputProblemException("PM2612", 0, $"the file is of the kind '{StructureChecks.Shown(_ulm.Tag)}', no trajectory", "Open it with the program that wrote it and write extxyz.", endsFile: true);
            }
        }

        if (Entries >= _ulm.Count)
        {
            return null;
        }

        Entries++;
        try
        {
            using var item = _ulm.Item(Entries - 1);
            return Accept(Build(item.RootElement));
        }
        catch (InputProblemException problem) when (!problem.EndsFile)
        {
            return Reject(new InputProblemException(problem.Code, 0, $"frame {Entries}: {problem.Message}", problem.NextStep));
        }
        catch (InvalidOperationException)
        {
            return Reject(new InputProblemException("PM2611", 0, $"frame {Entries}: a text is not Unicode", "The file has been damaged: copy or compute it again."));
        }
    }

    private Structure Build(JsonElement frame)
    {
        bool bigEndian = frame.Field("_little_endian") is { ValueKind: JsonValueKind.False };
        var atoms = new AseAtoms(Options);
        if (frame.Field("numbers.") is not null || frame.Field("numbers") is not null)
        {
            _header.Clear();
            _periodicity = JsonFields.Periodicity(frame.Field("pbc"));
            _constraints = JsonFields.Text(frame.Field("constraints"));
            foreach (string name in HeaderArrays)
            {
                if (_ulm.Array(frame, name, bigEndian) is { } values)
                {
                    _header[name] = values;
                }
            }
        }

        atoms.Periodicity = _periodicity ?? throw new InputProblemException("PM2603", 0, "there is no proper 'pbc'", "The first frame of the file is damaged: compute it again.");
        atoms.Constraints = _constraints;
        foreach (var (name, values) in _header)
        {
            atoms.AddArray(name, values);
        }

        Copy(AtomArrays, frame, atoms, bigEndian);
        Copy(frame, "magmoms", "initial_magmoms", atoms, bigEndian);
        Copy(frame, "charges", "initial_charges", atoms, bigEndian);
        if ((frame.Field("calculator.") ?? frame.Field("calculator")) is { } results)
        {
            Copy(ResultArrays, results, atoms, bigEndian);
            foreach (string name in ResultNumbers)
            {
                if (results.Field(name) is { } value && JsonFields.Property(value) is (double or long) and var number)
                {
                    atoms.AddValue(name, Convert.ToDouble(number, System.Globalization.CultureInfo.InvariantCulture));
                }
            }

            if (JsonFields.Text(results.Field("name")) is { } calculator and not "unknown")
            {
                atoms.AddValue("calculator", calculator);
            }
        }

        foreach (var field in frame.Field("info") is { ValueKind: JsonValueKind.Object } info ? info.EnumerateObject() : default)
        {
            if (JsonFields.Property(field.Value) is { } value)
            {
                atoms.AddValue(field.Name, value);
            }
        }

        return atoms.Build(Id);
    }

    private void Copy(string[] names, JsonElement from, AseAtoms atoms, bool bigEndian)
    {
        foreach (string name in names)
        {
            Copy(from, name, name, atoms, bigEndian);
        }
    }

    private void Copy(JsonElement from, string name, string to, AseAtoms atoms, bool bigEndian)
    {
        if (_ulm.Array(from, name, bigEndian) is { } values)
        {
            atoms.AddArray(to, values);
        }
    }
}
