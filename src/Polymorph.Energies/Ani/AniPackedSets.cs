namespace Polymorph.Energies.Ani;

/// <summary>Packed networks of the sets of elements met so far; a batch meets few. Shared by all threads of an engine.</summary>
internal sealed class AniPackedSets
{
    // A set takes a few milliseconds to make and 5 to 25 MB to keep.
    private const int MostKept = 8;

    private readonly AniModel _model;
    private readonly Lock _lock = new();
    private readonly Dictionary<ulong, AniPackedSet> _sets = [];
    private AniHiddenLayers[]? _hidden;

    public AniPackedSets(AniModel model) => _model = model;

    /// <summary>The set of these elements.</summary>
    /// <param name="mask">Bit t is set when element t is present.</param>
    public AniPackedSet Of(ulong mask)
    {
        lock (_lock)
        {
            if (!_sets.TryGetValue(mask, out var set))
            {
                _hidden ??= [.. _model.Networks.Select(n => new AniHiddenLayers(n))];
                if (_sets.Count == MostKept)
                {
                    _sets.Clear();
                }

                _sets[mask] = set = new AniPackedSet(_model, _hidden, mask);
            }

            return set;
        }
    }
}
