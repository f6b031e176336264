using Polymorph.Energies;
using Polymorph.Energies.Catalogue;
using Polymorph.Structures;
using Polymorph.Studies.Recipes;

namespace Polymorph.Studies.Stages;

/// <summary>The study of the command <c>demo</c>: isomers of C5H12O from those of C4H10O and C6H14O, in at most three minutes on two cores.</summary>
public static class DemoStudy
{
    /// <summary>The seed without which two machines would tell two stories.</summary>
    public const ulong Seed = 1;

    /// <summary>Its recipe; the known structures are <see cref="DemoTrainingSet"/>.</summary>
    /// <param name="seed">Another seed.</param>
    public static RecipeValues Recipe(ulong seed = Seed) => RecipeValues.Read($$"""
        preset: fast
        seed: {{seed}}
        target: {formula: C5H12O, box: [8, 7, 6]}
        generate: {structures: 3000}
        """, "demo");

    /// <summary>What is added where a potential for its molecules comes with the program: it costs seconds.</summary>
    public static RecipeValues Relaxation() => RecipeValues.Read("relax: {engine: embedded}\n", "demo");

    /// <summary>What its relaxation asks of an engine.</summary>
    public static EngineRequest Request { get; } = new(Precision.Single, [new Element(1), new Element(6), new Element(8)], EngineDomain.Molecules);
}
