namespace Polymorph.Structures.Inspection;

/// <summary>Recognises structures that came before, one at a time. Holds about 400 bytes per distinct structure.</summary>
/// <param name="tolerance">Largest difference of a distance between equal structures, Å.</param>
public sealed class DuplicateFinder(double tolerance = 0.01)
{
    // Signatures that match differ in their mean by at most the tolerance, so they lie in the same or in adjacent buckets.
    private readonly Dictionary<(string Key, long Bucket), List<(DistanceSignature Signature, string Id)>> _known = [];

    /// <summary>The id of the first structure equal to this one, or null when it is new; a new one is remembered.</summary>
    /// <param name="structure">The structure; its id is remembered.</param>
    public string? FindOrAdd(Structure structure)
    {
        ArgumentNullException.ThrowIfNull(structure);
        var signature = DistanceSignature.Of(structure);
        long bucket = (long)Math.Floor(signature.Mean / (2 * tolerance));
        for (long b = bucket - 1; b <= bucket + 1; b++)
        {
            foreach (var (known, id) in _known.GetValueOrDefault((signature.Key, b)) ?? [])
            {
                if (known.Matches(signature, tolerance))
                {
                    return id;
                }
            }
        }

        if (!_known.TryGetValue((signature.Key, bucket), out var list))
        {
            _known[(signature.Key, bucket)] = list = [];
        }

        list.Add((signature, structure.Id));
        return null;
    }
}
