using System.Collections.Immutable;
using Polymorph.Studies.Recipes;

namespace Polymorph.Studies.Screening;

/// <summary>All keys of a screening recipe.</summary>
internal static class ScreeningKeys
{
    private const double Far = 1e6;

    public static RecipeKey Title { get; } = new("", "title", RecipeKind.Text, "Heading of the reports.");

    public static RecipeKey Method { get; } = new("", "method", RecipeKind.Text, "Method of the candidates' energies where their file does not name it.");

    public static RecipeKey Energies { get; } = new("", "energies", RecipeKind.Choice, "What energies in tables of candidates stand for: 'total' for the formula as written (checked when left out), or 'per-atom'.") { Choices = ["total", "per-atom"] };

    public static RecipeKey Corrections { get; } = new("", "corrections", RecipeKind.Choice, "Corrections of computed energies, of candidates and references alike: 'none' (the default) or 'mp2020', which needs 'run_type' and 'hubbards' of every entry.") { Choices = ["none", "mp2020"] };

    public static RecipeKey Files { get; } = new("references", "files", RecipeKind.Path, "Tables with id, formula and energy_eV, or structures.") { IsList = true };

    public static RecipeKey ReferenceMethod { get; } = new("references", "method", RecipeKind.Text, "Method of these energies where the file does not name it.");

    public static RecipeKey Experimental { get; } = new("references", "experimental", RecipeKind.Switch, "Whether these phases have been made.");

    public static RecipeKey ReferenceEnergies { get; } = new("references", "energies", RecipeKind.Choice, "Where their energies come from: 'total' or 'per-atom' as the file has them, or 'relax': relaxed as the candidates are.") { Choices = ["total", "per-atom", "relax"] };

    public static RecipeKey Quantity { get; } = new("steps", "quantity", RecipeKind.Choice, "What the step asks of a candidate.") { Choices = [.. StepCatalogue.Quantities] };

    public static RecipeKey Name { get; } = new("steps", "name", RecipeKind.Text, "Name of the step in reports.");

    public static RecipeKey Minimum { get; } = Number("minimum", "Smallest value that passes.");

    public static RecipeKey Maximum { get; } = Number("maximum", "Largest value that passes.");

    public static RecipeKey Missing { get; } = new("steps", "missing", RecipeKind.Choice, "What becomes of candidates whose value is not known: 'reject' (the default), 'keep' (they go on as unknown), or 'stop'.") { Choices = ["reject", "keep", "stop"] };

    public static RecipeKey Borderline { get; } = new("steps", "borderline", RecipeKind.Choice, "What becomes of candidates whose uncertainty reaches over a bound: 'keep' (the default) or 'reject'.") { Choices = ["keep", "reject"] };

    public static RecipeKey Uncertainty { get; } = Number("uncertainty", "How far the truth may lie from the values.") with { Smallest = 0 };

    public static RecipeKey StepMethod { get; } = new("steps", "method", RecipeKind.Text, "Where the value comes from: an engine, 'property:NAME', 'table:FILE', or 'cgcnn:MODEL'.");

    public static RecipeKey OxidationElement { get; } = new("steps", "element", RecipeKind.Text, "The element whose mean oxidation state is asked for.");

    public static RecipeKey States { get; } = new("steps", "states", RecipeKind.Text, "States of the other elements, such as Mg=2; usual ones are known.") { IsList = true };

    public static RecipeKey List { get; } = new("steps", "list", RecipeKind.Choice, "List of oxidation states.") { Choices = ["smact-2014", "icsd"] };

    public static RecipeKey Alloys { get; } = new("steps", "alloys", RecipeKind.Switch, "Whether compounds of metals alone pass.");

    public static RecipeKey MixedValence { get; } = new("steps", "mixed_valence", RecipeKind.Switch, "Whether atoms of one element may differ in their states.");

    public static RecipeKey LengthTolerance { get; } = new("steps", "length_tolerance", RecipeKind.Real, "Tolerance of lengths of the structure matcher.") { Smallest = 0, Largest = 10 };

    public static RecipeKey SiteTolerance { get; } = new("steps", "site_tolerance", RecipeKind.Real, "Tolerance of sites of the structure matcher.") { Smallest = 0, Largest = 10 };

    public static RecipeKey AngleTolerance { get; } = new("steps", "angle_tolerance", RecipeKind.Real, "Tolerance of angles of the structure matcher, degrees.") { Smallest = 0, Largest = 180 };

    public static RecipeKey Synthesisable { get; } = Number("synthesisable", "Up to this energy above the hull, eV/atom: 'possibly synthesisable' (0.08).");

    public static RecipeKey Metastable { get; } = Number("metastable", "Up to this energy above the hull, eV/atom: 'metastable' (0.2).");

    public static RecipeKey Species { get; } = new("steps", "species", RecipeKind.Path, "Solids and ions with their free energies of formation.");

    public static RecipeKey Potential { get; } = new("steps", "potential", RecipeKind.Real, "Potential against RHE, V (1.5).") { Smallest = -10, Largest = 10 };

    public static RecipeKey PH { get; } = new("steps", "ph", RecipeKind.Real, "Lowest and highest pH (0 and 14).") { Counts = [2] };

    public static RecipeKey PHStep { get; } = new("steps", "ph_step", RecipeKind.Real, "Step of the pH (0.5).") { Smallest = 0.001, Largest = 14 };

    public static RecipeKey Concentration { get; } = new("steps", "concentration", RecipeKind.Real, "Concentration of ions, mol/kg; by default the file's own, else 1e-6.") { Smallest = 1e-30, Largest = 1e3 };

    public static RecipeKey FilterSolids { get; } = new("steps", "filter_solids", RecipeKind.Switch, "Whether solids above the hull of metals, H and O are left out; by default as the file says, else true.");

    public static RecipeKey Level { get; } = new("steps", "level", RecipeKind.Choice, "What the gaps are.") { Choices = ["hse", "pbe", "ml", "user", "experiment"] };

    public static RecipeKey Window { get; } = new("steps", "window", RecipeKind.Choice, "For which gaps the bounds are meant (hse).") { Choices = ["hse", "pbe", "ml", "user", "experiment"] };

    public static RecipeKey Shift { get; } = Number("shift", "What is added to the gaps before they are compared, eV; needed where 'level' and 'window' differ.");

    public static RecipeKey First { get; } = new("steps", "first", RecipeKind.Whole, "At most so many candidates, lowest above the hull first; the others stay unknown.") { Smallest = 1, Largest = 1e9 };

    /// <summary>Keys of a relaxation, with the meaning they have in the section <c>relax</c> of other recipes.</summary>
    public static ImmutableArray<RecipeKey> Relaxation { get; } =
        [RelaxationKeys.Precision, RelaxationKeys.MaximumForce, RelaxationKeys.Steps, RelaxationKeys.Cell, RelaxationKeys.Pressure, RelaxationKeys.MaximumStress, RelaxationKeys.KeepSymmetry];

    /// <summary>Keys of the structure matcher.</summary>
    public static ImmutableArray<RecipeKey> Matcher { get; } = [LengthTolerance, SiteTolerance, AngleTolerance];

    /// <summary>Keys that every step has.</summary>
    public static ImmutableArray<RecipeKey> OfEveryStep { get; } = [Quantity, Name, Missing];

    /// <summary>Keys of steps whose quantity is a number.</summary>
    public static ImmutableArray<RecipeKey> OfNumbers { get; } = [Minimum, Maximum, Borderline, Uncertainty];

    private static RecipeKey Number(string name, string description) => new("steps", name, RecipeKind.Real, description) { Smallest = -Far, Largest = Far };
}
