using System.Collections.Immutable;
using Polymorph.Foundation;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Polymorph.Studies.Recipes;

/// <summary>Reads a recipe's YAML into nodes that know their lines. Size, depth and the growth by aliases are bounded.</summary>
internal sealed class YamlRecipe
{
    private const int LargestFile = 1 << 20;
    private const int LargestNodeCount = 10_000;
    private const int LargestDepth = 12;

    private readonly string _name;
    private readonly IParser _parser;
    private readonly Dictionary<string, (RecipeNode Node, int Size)> _anchors = new(StringComparer.Ordinal);
    private int _nodes;

    private YamlRecipe(string text, string name) => (_name, _parser) = (name, new Parser(new StringReader(text)));

    /// <summary>Reads a file.</summary>
    /// <param name="path">The recipe.</param>
    /// <exception cref="PolymorphException">PM7101: cannot be read; PM7102: not YAML; PM7103: too large or too deep.</exception>
    public static RecipeMap ReadFile(string path)
    {
        try
        {
            byte[] bytes = BoundedFile.Read(path, LargestFile, reason => TooLarge(path, reason));
            using var text = new StreamReader(new MemoryStream(bytes));
            return Read(text.ReadToEnd(), Path.GetFileName(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PolymorphException("PM7101", $"cannot read the recipe: {e.Message}", path, "Check the path.", ExitCode.Usage, e);
        }
    }

    /// <summary>Reads a text.</summary>
    /// <param name="text">YAML.</param>
    /// <param name="name">Name of the file, for places.</param>
    /// <exception cref="PolymorphException">PM7102: not YAML; PM7103: too large or too deep.</exception>
    public static RecipeMap Read(string text, string name)
    {
        try
        {
            return new YamlRecipe(text, name).Document();
        }
        catch (YamlException e)
        {
            throw Syntax($"{name}:{e.Start.Line}", e.Message);
        }
    }

    private RecipeMap Document()
    {
        _parser.Consume<StreamStart>();
        if (!_parser.TryConsume<DocumentStart>(out _))
        {
            throw Syntax($"{_name}:1", "the recipe is empty");
        }

        var root = Node(depth: 0);
        _parser.Consume<DocumentEnd>();
        return !_parser.TryConsume<StreamEnd>(out _)
            ? throw Syntax(Place(_parser.Current!), "a recipe is one YAML document, and here begins another")
            : root as RecipeMap ?? throw Syntax(root.Place, "a recipe is a list of 'key: value' lines");
    }

    private RecipeNode Node(int depth)
    {
        if (depth > LargestDepth)
        {
            throw TooLarge(Place(_parser.Current!), $"the recipe is nested deeper than {LargestDepth} levels");
        }

        int before = _nodes;
        Count(1);
        if (_parser.TryConsume<AnchorAlias>(out var alias))
        {
            if (!_anchors.TryGetValue(alias.Value.Value, out var target))
            {
                throw Syntax(Place(alias), $"the alias '*{alias.Value}' has no anchor");
            }

            // An alias counts as the whole tree it stands for: a tower of aliases grows exponentially and is stopped here.
            Count(target.Size);
            return target.Node;
        }

        var anchor = _parser.Current is NodeEvent { Anchor.IsEmpty: false } start ? start.Anchor.Value : null;
        var node = Content(depth);
        if (anchor is not null)
        {
            _anchors[anchor] = (node, _nodes - before);
        }

        return node;
    }

    private RecipeNode Content(int depth)
    {
        if (_parser.TryConsume<Scalar>(out var scalar))
        {
            return new RecipeScalar(scalar.Value, Place(scalar));
        }

        if (_parser.TryConsume<SequenceStart>(out var sequence))
        {
            var items = ImmutableArray.CreateBuilder<RecipeNode>();
            while (!_parser.TryConsume<SequenceEnd>(out _))
            {
                items.Add(Node(depth + 1));
            }

            return new RecipeList(items.ToImmutable(), Place(sequence));
        }

        var mapping = _parser.Consume<MappingStart>();
        var entries = ImmutableArray.CreateBuilder<RecipeEntry>();
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var key = Node(depth + 1) as RecipeScalar ?? throw Syntax(Place(mapping), "a key must be a plain word");
            if (entries.Any(e => e.Key == key.Text))
            {
                throw Syntax(key.Place, $"the key '{key.Text}' appears twice");
            }

            entries.Add(new RecipeEntry(key.Text, key.Place, Node(depth + 1)));
        }

        return new RecipeMap(entries.ToImmutable(), Place(mapping));
    }

    private void Count(int nodes)
    {
        _nodes += nodes;
        if (_nodes > LargestNodeCount)
        {
            throw TooLarge(Place(_parser.Current!), $"the recipe has more than {LargestNodeCount} values, aliases written out");
        }
    }

    private string Place(ParsingEvent at) => $"{_name}:{at.Start.Line}";

    private static PolymorphException Syntax(string place, string reason) =>
        new("PM7102", $"not a recipe: {reason}", place, "docs/user-guide.md shows how recipes look.", ExitCode.Usage);

    private static PolymorphException TooLarge(string place, string reason) => new("PM7103", reason, place, "A recipe has a few dozen lines.", ExitCode.Usage);
}
