using Polymorph.Energies.Catalogue;
using Polymorph.Foundation;
using Polymorph.Structures;
using Polymorph.Testing;
using Xunit;

namespace Polymorph.Energies.Tests.Catalogue;

public sealed class EngineCatalogueTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("polymorph-catalogue-");

    public void Dispose() => _folder.Delete(recursive: true);

    /// The embedded potentials come first, then the published one of the kind, and what is not ready is never taken.
    [Theory]
    [InlineData("C H O", false, "molecules")]
    [InlineData("Si O", true, "silica")]
    [InlineData("C H O", true, "tensornet")]
    [InlineData("Fe", true, "tensornet")]
    [InlineData("C H N", false, "ani-1ccx")]
    public void AutoTakesTheFirstThatFits(string elements, bool periodic, string expected) => Assert.Equal(expected, Toy().Choose(Request(elements, periodic)).Name);

    [Fact]
    public void WhatNoEngineKnowsIsSaidWithTheWayOut()
    {
        var error = Assert.Throws<PolymorphException>(() => Toy(ready: false).Open("auto", Request("Fe", periodic: true)));
        Assert.Equal(("PM6223", ExitCode.EngineFailed), (error.Code, error.ExitCode));
        Assert.Contains("crystals of Fe", error.Reason, StringComparison.Ordinal);
        Assert.Contains("'tensornet' would do: add its weights.", error.NextStep, StringComparison.Ordinal);
        Assert.Equal("PM6226", Assert.Throws<PolymorphException>(() => Toy().Open("embedded", Request("Fe", periodic: true))).Code);
        Assert.Equal("PM6221", Assert.Throws<PolymorphException>(() => Toy(ready: false).Open("tensornet", Request("Fe", periodic: true))).Code);
    }

    [Fact]
    public void EmbeddedTakesTheOtherKindWhereOnlyThatKnowsTheElements() => Assert.Equal("silica", Toy().Open("embedded", Request("Si O", periodic: false)).Method);

    /// One structure that no engine knows leaves the others to the engine that fits most of them.
    [Theory, InlineData("auto", "molecules"), InlineData("embedded", "molecules")]
    public void AStrangeStructureDoesNotStopTheOthers(string name, string expected)
    {
        Structure Molecule(params string[] symbols) => new([.. symbols.Select(Element.Parse)], [.. symbols.Select((_, i) => new Vector3D(1.5 * i, 0, 0))]);
        var request = EngineRequest.For(Precision.Single, [Molecule("Na", "H"), Molecule("O", "H"), Molecule("O", "H"), Molecule("Si", "O")]);
        Assert.Equal(expected, Toy().Open(name, request).Method);
        Assert.Throws<PolymorphException>(() => Toy().Open(name, EngineRequest.For(Precision.Single, [Molecule("Na", "H")])));
    }

    [Theory]
    [InlineData("tensornt", "Did you mean 'tensornet'?")]
    [InlineData("gfn3", "Did you mean 'gfn")]
    [InlineData("no-such-thing-at-all", "Engines: auto, embedded")]
    public void AnUnknownNameIsToldTheNearest(string name, string hint)
    {
        var error = Assert.Throws<PolymorphException>(() => EngineCatalogue.OfUser().Open(name, Request("H", periodic: false)));
        Assert.Equal(("PM6220", ExitCode.Usage), (error.Code, error.ExitCode));
        Assert.Contains(hint, error.NextStep, StringComparison.Ordinal);
    }

    /// Every engine of the product says what it needs without being opened, and the published weights open once they are installed.
    [Fact]
    public void InstalledWeightsAreReady()
    {
        var store = new PotentialStore(Path.Combine(_folder.FullName, "potentials"));
        var catalogue = new EngineCatalogue(EngineCatalogue.OfUser().Entries, store);
        string[] weights = ["tensornet", "ani-1ccx", "ani-2x"];
        Assert.All(catalogue.Entries.Where(e => weights.Contains(e.Name)), e => Assert.False(e.State(store).IsReady));
        Assert.All(catalogue.Entries, e => Assert.NotNull(e.State(store).Needs));
        Assert.Equal(3, store.Add(ReferenceData.PathOf("data/potentials")).Count(a => a.Problem is null));
        foreach (string name in weights)
        {
            var state = catalogue.Entries.Single(e => e.Name == name).State(store);
            Assert.True(state is { IsReady: true, Licence: not null, Citations.IsEmpty: false });
            Assert.Equal(state.Method, catalogue.Open(name, Request("H O", periodic: name == "tensornet")).Method);
        }
    }

    private static EngineRequest Request(string elements, bool periodic) =>
        new(Precision.Single, [.. elements.Split(' ').Select(Element.Parse)], periodic ? EngineDomain.Crystals : EngineDomain.Molecules);

    private EngineCatalogue Toy(bool ready = true)
    {
        EngineEntry Entry(string name, EngineDomain domain, string? elements, bool embedded) => new(name, EngineKind.BuiltIn, domain, "",
            _ => new EngineState(ready, "add its weights", name, elements is null ? null : [.. elements.Split(' ').Select(Element.Parse)], null, []), (_, _) => new Named(name))
        { IsEmbedded = embedded };
        return new EngineCatalogue(
        [
            Entry("ani-1ccx", EngineDomain.Molecules, "H C N O", false), Entry("molecules", EngineDomain.Molecules, "H C O", true),
            Entry("silica", EngineDomain.Crystals, "Si O", true), Entry("tensornet", EngineDomain.Crystals, null, false),
        ], new PotentialStore(_folder.FullName));
    }

    private sealed class Named(string method) : IEnergyEngine
    {
        public string Method => method;

        public string? Refusal(Structure structure) => null;

        public IEvaluator CreateEvaluator() => throw new InvalidOperationException();
    }
}
