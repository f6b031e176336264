using System.Numerics;

namespace Polymorph.Energies.Neural.Kernels;

/// <summary>Atoms of one or many structures in blocks of one element each.</summary>
/// <typeparam name="T">Lanes.</typeparam>
/// <typeparam name="TNumber">Precision.</typeparam>
internal sealed class BlockBatch<T, TNumber>
    where T : unmanaged, IWide<T, TNumber>
    where TNumber : unmanaged, IBinaryFloatingPointIeee754<TNumber>
{
    private readonly NeuralForm _form;
    private readonly List<CentreBlock<T, TNumber>> _blocks = [];
    private readonly List<CentreAddress<TNumber>> _centres = [];
    private long[] _keys = [];
    private CentreAddress<TNumber>[] _sorted = [];

    public BlockBatch(NeuralForm form)
    {
        _form = form;
        Memory = new(form);
        FirstBlock = new int[form.Elements + 1];
    }

    /// <summary>Number of blocks.</summary>
    public int Count => FirstBlock[^1];

    /// <summary>1 + atoms: rows of arrays over all atoms, of which row 0 belongs to none.</summary>
    public int Rows { get; private set; }

    /// <summary>First block of each element; the last entry is <see cref="Count"/>.</summary>
    public int[] FirstBlock { get; }

    /// <summary>The blocks' arrays.</summary>
    public BlockMemory<T> Memory { get; }

    /// <summary>A block.</summary>
    /// <param name="index">Its index.</param>
    public CentreBlock<T, TNumber> this[int index] => _blocks[index];

    /// <summary>Element of a block.</summary>
    /// <param name="block">The block.</param>
    public int Type(int block)
    {
        int type = 0;
        while (block >= FirstBlock[type + 1])
        {
            type++;
        }

        return type;
    }

    /// <summary>Begins a batch.</summary>
    /// <param name="atoms">Number of atoms that will come.</param>
    public void Begin(int atoms)
    {
        Rows = atoms + 1;
        Memory.Reserve(atoms / T.Count + _form.Elements + 1);
        Array.Clear(FirstBlock);
    }

    /// <summary>Adds the atoms of one element; elements come in order, each followed by <see cref="Finish"/>.</summary>
    /// <param name="element">The element.</param>
    /// <param name="table">Neighbours of a structure.</param>
    /// <param name="types">Type of each of its atoms.</param>
    /// <param name="firstRow">Row of its first atom.</param>
    public void Add(int element, NeighbourTable<TNumber> table, ReadOnlySpan<int> types, int firstRow)
    {
        for (int i = 0; i < types.Length; i++)
        {
            if (types[i] == element)
            {
                _centres.Add(new(table, i, firstRow));
            }
        }
    }

    /// <summary>Closes an element: sorts its atoms, so that those with as many neighbours share a block and few slots stay empty, and fills the blocks.</summary>
    /// <param name="element">The element.</param>
    public void Finish(int element)
    {
        if (_keys.Length < _centres.Count)
        {
            _keys = new long[2 * _centres.Count];
            _sorted = new CentreAddress<TNumber>[2 * _centres.Count];
        }

        for (int c = 0; c < _centres.Count; c++)
        {
            (_keys[c], _sorted[c]) = (Key(_centres[c], c), _centres[c]);
        }

        Array.Sort(_keys, _sorted, 0, _centres.Count);
        for (int first = 0; first < _centres.Count; first += T.Count)
        {
            Load(element, _sorted.AsSpan(first, Math.Min(T.Count, _centres.Count - first)));
        }

        _centres.Clear();
        for (int later = element + 1; later < _form.Elements; later++)
        {
            FirstBlock[later + 1] = FirstBlock[element + 1];
        }
    }

    // Neighbours of each type, the commonest (type 0) first; then the order of storage, so that no two keys are equal.
    private long Key(CentreAddress<TNumber> centre, int index)
    {
        long key = 0;
        int[] start = centre.Table.Start;
        int at = centre.Atom * _form.Elements;
        for (int type = 0; type < Math.Min(4, _form.Elements); type++)
        {
            key = (key << 8) + Math.Min(255, start[at + type + 1] - start[at + type]);
        }

        return (key << 31) + index;
    }

    private void Load(int element, ReadOnlySpan<CentreAddress<TNumber>> centres)
    {
        int index = FirstBlock[element + 1];
        if (index == _blocks.Count)
        {
            _blocks.Add(new(_form.Descriptor));
        }

        _blocks[index].Load(centres);
        FirstBlock[element + 1] = index + 1;
    }
}
