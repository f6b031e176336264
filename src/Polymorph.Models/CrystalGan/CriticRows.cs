using Polymorph.Learning.Layers;

namespace Polymorph.Models.CrystalGan;

/// <summary>The rows of a batch of images as the critic reads them, one after the other, and which of them belong to each mean.</summary>
/// <remarks>Rows of absent atoms are all zero and so are equal: they may stand once, with the weight of all, which changes no result but the order of its sums.</remarks>
/// <typeparam name="TMatrix">Matrices of the precision at hand.</typeparam>
internal sealed class CriticRows<TMatrix>
    where TMatrix : class, IRowMatrix<TMatrix>
{
    private readonly CrystalGanShape _shape;
    private readonly bool _share;
    private readonly int _width;
    private int _samples;
    private bool _open;

    /// <summary>Room for some images.</summary>
    /// <param name="shape">Elements' caps.</param>
    /// <param name="samples">Largest number of images.</param>
    /// <param name="width">Numbers of a row.</param>
    /// <param name="share">Whether zero rows stand once. Where the gradient of every row is wanted they must not.</param>
    public CriticRows(CrystalGanShape shape, int samples, int width, bool share)
    {
        (_shape, _share, _width) = (shape, share, width);
        int rows = samples * shape.Rows + 1;
        Input = TMatrix.Create(rows, width);
        (Sample, ImageRow) = (new int[rows], new int[rows]);
        Groups = new RowGroups(samples * shape.Slots);
    }

    /// <summary>[rows × width].</summary>
    public TMatrix Input { get; }

    /// <summary>The means.</summary>
    public RowGroups Groups { get; }

    /// <summary>Image of each row.</summary>
    public int[] Sample { get; }

    /// <summary>Row within its image.</summary>
    public int[] ImageRow { get; }

    /// <summary>Images added.</summary>
    public int Samples => _samples;

    /// <summary>Rows in use.</summary>
    public int Rows => Groups.Rows;

    /// <summary>Starts a new batch.</summary>
    public void Begin()
    {
        (_samples, Groups.Count, Groups.Rows, Groups.Shared, _open) = (0, 0, 0, -1, true);
    }

    /// <summary>Adds images.</summary>
    /// <param name="images">[images × width · rows].</param>
    /// <param name="count">How many.</param>
    public void Add(TMatrix images, int count)
    {
        for (int s = 0; s < count; s++, _samples++)
        {
            for (int slot = 0; slot < _shape.Slots; slot++)
            {
                int cap = slot < 2 ? 1 : _shape.Caps[slot - 2], first = slot < 2 ? slot : _shape.FirstRows[slot - 2];
                int start = Groups.Rows, group = Groups.Count++;
                for (int row = first; row < first + cap; row++)
                {
                    AddRow(images, s, row, slot >= 2);
                }

                int kept = Groups.Rows - start;
                (Groups.Start[group], Groups.Length[group], Groups.Weight[group], Groups.SharedWeight[group]) = (start, kept, 1.0 / cap, (cap - kept) / (double)cap);
            }
        }
    }

    /// <summary>Ends the batch: the shared row comes last.</summary>
    public void End()
    {
        if (_open && _share)
        {
            int row = Groups.Rows++;
            Groups.Shared = row;
            (Sample[row], ImageRow[row]) = (-1, -1);
            for (int k = 0; k < _width; k++)
            {
                Input[row, k] = 0;
            }
        }

        _open = false;
    }

    private void AddRow(TMatrix images, int s, int row, bool atom)
    {
        bool zero = _share && atom;
        for (int k = 0; zero && k < _width; k++)
        {
            zero = images[s, _width * row + k] == 0;
        }

        if (zero)
        {
            return;
        }

        int at = Groups.Rows++;
        (Sample[at], ImageRow[at]) = (_samples, row);
        for (int k = 0; k < _width; k++)
        {
            Input[at, k] = images[s, _width * row + k];
        }
    }
}
