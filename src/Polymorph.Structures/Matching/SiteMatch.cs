using Polymorph.Structures.Cells;

namespace Polymorph.Structures.Matching;

/// <summary>The best way found to put the sites of one crystal on those of another.</summary>
internal sealed class SiteMatch
{
    private IntegerMatrix _considered;

    /// <summary>What was minimised; infinite when nothing was found.</summary>
    public double Value { get; private set; }

    /// <summary>Root mean square distance over (V/N)^(1/3).</summary>
    public double Rms { get; private set; }

    /// <summary>Largest distance over (V/N)^(1/3).</summary>
    public double Maximum { get; private set; }

    /// <summary>The mapped crystal's new cell.</summary>
    public IntegerMatrix Cell { get; private set; }

    /// <summary>What is added to the target's fractional coordinates.</summary>
    public Vector3D Shift { get; private set; }

    /// <summary>For each target site, [sites], the mapped one's place within its element's copies.</summary>
    public int[] Column { get; private set; } = [];

    /// <summary>Forgets everything.</summary>
    /// <param name="count">Sites of the target.</param>
    public void Reset(int count)
    {
        Value = double.PositiveInfinity;
        if (Column.Length < count)
        {
            Column = new int[2 * count];
        }
    }

    /// <summary>Remembers which cell is being tried.</summary>
    public void Consider(in IntegerMatrix cell) => _considered = cell;

    /// <summary>Takes a better one.</summary>
    public void Keep(double value, double rms, double maximum, Vector3D shift, SearchTask task, int[] columns)
    {
        (Value, Rms, Maximum, Shift, Cell) = (value, rms, maximum, shift, _considered);
        Array.Copy(columns, Column, task.Target.SiteCount);
    }
}
