using System.Xml.Linq;
using Xunit;

namespace Polymorph.Architecture.Tests;

/// The layers are the pipeline: a project refers only to projects of lower floors, and never to one of its own.
public sealed class FloorTests
{
    private static readonly Dictionary<string, int> Floors = new()
    {
        ["Polymorph.Foundation"] = 0,
        ["Polymorph.Structures"] = 1,
        ["Polymorph.Learning"] = 1,
        ["Polymorph.Representations"] = 2,
        ["Polymorph.Models"] = 3,
        ["Polymorph.Energies"] = 3,
        ["Polymorph.Selection"] = 4,
        ["Polymorph.Search"] = 5,
        ["Polymorph.Screening"] = 5,
        ["Polymorph.Studies"] = 6,
        ["Polymorph.Cli"] = 7,
        ["Polymorph.Web"] = 7,
    };

    [Fact]
    public void EveryProjectRefersOnlyToLowerFloors()
    {
        var projects = Repository.Projects("src").ToList();
        Assert.NotEmpty(projects);
        foreach (string project in projects)
        {
            string name = Path.GetFileNameWithoutExtension(project);
            Assert.True(Floors.TryGetValue(name, out int floor), $"{name} has no floor: give it one here and in the design");
            foreach (string reference in References(project))
            {
                Assert.True(Floors.TryGetValue(reference, out int below) && below < floor, $"{name} (floor {floor}) must not refer to {reference}");
            }
        }
    }

    [Fact]
    public void NoProductProjectRefersToTestsOrBenchmarks() =>
        Assert.All(Repository.Projects("src").SelectMany(References), name => Assert.Contains(name, Floors));

    [Fact]
    public void EveryProjectIsInTheSolution()
    {
        var listed = XDocument.Load(Path.Combine(Repository.Root, "Polymorph.slnx")).Descendants("Project").Select(p => p.Attribute("Path")!.Value).ToHashSet();
        Assert.All(new[] { "src", "tests", "benchmarks" }.SelectMany(Repository.Projects), project => Assert.Contains(Repository.Relative(project), listed));
    }

    private static IEnumerable<string> References(string project) =>
        XDocument.Load(project).Descendants("ProjectReference").Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value.Replace('\\', '/')));
}
