using System.Text.Json;
using Polymorph.Testing;

namespace Polymorph.Structures.Tests.Formats;

/// <summary>Files that ASE and pymatgen wrote, and what they say is in them.</summary>
public sealed class PythonFiles : IDisposable
{
    // repr of a double has all its digits, so the description is exact.
    private const string Script = """
        import sys, json, os, warnings
        warnings.simplefilter('ignore')
        import numpy as np
        from ase import Atoms
        from ase.calculators.singlepoint import SinglePointCalculator
        from ase.constraints import FixAtoms, FixedPlane
        from ase.db import connect
        from ase.io import write, Trajectory
        from pymatgen.core import Lattice, Molecule, Structure
        from pymatgen.io.vasp import Xdatcar
        os.chdir(sys.argv[1])
        random = np.random.default_rng(7)

        def crystal(shift):
            a = Atoms('OSiOSiFe', cell=[[5.1, 0.2, 0.3], [-1.7, 6.2, 0.1], [0.4, 1.1, 7.3]], pbc=True,
                      scaled_positions=[[0.1, 0.2, 0.3], [0.4, 0.7, 0.5], [0.9, 0.1, 0.8], [0.6, 0.45, 0.05], [0.25, 0.75, 0.95]])
            a.positions += shift * random.standard_normal((5, 3))
            a.calc = SinglePointCalculator(a, energy=-12.5 + shift, free_energy=-12.75, forces=random.standard_normal((5, 3)), stress=random.standard_normal(6),
                                           magmoms=[0.5, 0, 0, 0, 2.0])
            return a

        water = Atoms('OH2', positions=[[0, 0, 0.1173], [0, 0.7572, -0.4692], [0, -0.7572, -0.4692]], info=dict(note='a "b"', list=np.arange(3), whole=7, flag=True, none=float('nan')))
        water.set_tags([1, 2, 3])
        water.set_momenta(random.standard_normal((3, 3)))
        water.set_initial_charges([-0.8, 0.4, 0.4])
        slab = Atoms('C2', positions=[[0, 0, 5], [1.42, 0, 5]], cell=[[2.46, 0, 0], [-1.23, 2.13, 0], [0, 0, 0]], pbc=[True, True, False])
        slab.set_constraint([FixAtoms([1])])
        frames = [crystal(0.0), crystal(0.05), water, slab, crystal(0.1)]
        with Trajectory('same.traj', 'w') as t:
            for a in [crystal(0.01 * k) for k in range(50)]:
                t.write(a)
        with Trajectory('mixed.traj', 'w') as t:
            for a in frames:
                t.write(a)
        with connect('mixed.db') as db:
            for k, a in enumerate(frames):
                db.write(a, key_value_pairs=dict(name=f'frame-{k}', gap=0.25 * k, count=k), data=dict(big=np.arange(300.0 * k)))
        with connect('many.db') as db:
            for k in range(400):
                db.write(crystal(0.001 * k), number=k)
        del db[3]

        rows = []
        for a in frames:
            r = a.calc.results if a.calc else {}
            rows.append(dict(z=a.numbers.tolist(), r=a.positions.tolist(), cell=a.cell.tolist(), pbc=a.pbc.tolist(), energy=r.get('energy'),
                             forces=r['forces'].tolist() if 'forces' in r else None, stress=r['stress'].tolist() if 'stress' in r else None))
        write('ase.XDATCAR', [crystal(0.01 * k) for k in range(4)], format='vasp-xdatcar')
        x = Xdatcar('ase.XDATCAR')
        x.write_file('XDATCAR')
        xdatcar = [dict(z=[s.specie.Z for s in p], r=p.cart_coords.tolist(), cell=p.lattice.matrix.tolist(), pbc=[True] * 3) for p in Xdatcar('XDATCAR').structures]

        salt = Structure(Lattice.from_parameters(4.1, 5.2, 6.3, 81, 95, 102), ['Na+', 'Cl-', 'O2-'], [[0.1, 0.2, 0.3], [0.6, 0.7, 0.8], [-0.3, 1.4, 0.05]],
                         site_properties=dict(magmom=[1.5, 0.0, -0.5], selective_dynamics=[[True, False, True]] * 3, label2=['a', 'b', 'c']))
        hydroxide = Molecule(['O', 'H'], [[0.1, 0.2, 0.3], [0.1, 0.2, 1.27]], charge=-1)
        mixed = Structure(Lattice.cubic(4), [dict(Na=0.5, K=0.5), 'Cl'], [[0, 0, 0], [0.5, 0.5, 0.5]])
        dummy = Structure(Lattice.cubic(4), ['Na', 'X'], [[0, 0, 0], [0.5, 0.5, 0.5]])
        doubled = Structure(Lattice.cubic(4), ['Na', 'Cl'], [[0, 0, 0], [0, 0, 0]])
        json.dump(salt.as_dict(), open('one.json', 'w'))
        json.dump([s.as_dict() for s in (salt, hydroxide, mixed, dummy, doubled, salt)], open('list.json', 'w'), indent=1)
        with open('lines.jsonl', 'w') as f:
            for k, s in enumerate((salt, hydroxide)):
                f.write(json.dumps(dict(material_id=f'm-{k}', band_gap=0.5 * k, structure=s.as_dict())) + '\n')
        described = [dict(z=[s.specie.Z for s in p], r=p.cart_coords.tolist(), cell=p.lattice.matrix.tolist() if hasattr(p, 'lattice') else [[0] * 3] * 3,
                          pbc=[hasattr(p, 'lattice')] * 3) for p in (salt, hydroxide)]
        json.dump(dict(ase=rows, xdatcar=xdatcar, pymatgen=described), open('described.json', 'w'))
        """;

    private readonly Lazy<string> _folder = new(Make);

    /// <summary>Where they are; made when first asked for.</summary>
    public string Folder => _folder.Value;

    public void Dispose()
    {
        if (_folder.IsValueCreated)
        {
            Directory.Delete(Folder, recursive: true);
        }
    }

    internal string PathOf(string name) => Path.Combine(Folder, name);

    /// <summary>What Python says: <c>ase</c>, <c>xdatcar</c> or <c>pymatgen</c>.</summary>
    internal List<JsonElement> Described(string list)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(PathOf("described.json")));
        return [.. document.RootElement.Clone().GetProperty(list).EnumerateArray()];
    }

    private static string Make()
    {
        string folder = Directory.CreateTempSubdirectory("polymorph-").FullName;
        ExternalProgram.Python(Script, ["ase", "numpy", "pymatgen"], folder);
        return folder;
    }
}
