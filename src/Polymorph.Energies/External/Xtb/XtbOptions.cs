namespace Polymorph.Energies.External.Xtb;

/// <summary>The tight-binding Hamiltonian.</summary>
public enum XtbHamiltonian
{
    /// <summary>GFN1-xTB: Grimme, Bannwarth, Shushkov 2017, doi 10.1021/acs.jctc.7b00118.</summary>
    Gfn1 = 1,

    /// <summary>GFN2-xTB: Bannwarth, Ehlert, Grimme 2019, doi 10.1021/acs.jctc.8b01176.</summary>
    Gfn2 = 2,
}

/// <summary>How the program xtb is run.</summary>
public sealed record XtbOptions
{
    /// <summary>The Hamiltonian.</summary>
    public XtbHamiltonian Hamiltonian { get; init; } = XtbHamiltonian.Gfn2;

    /// <summary>Name of the program on the search path, or its path.</summary>
    public string Program { get; init; } = "xtb";

    /// <summary>Longest time of one evaluation.</summary>
    public TimeSpan TimeLimit { get; init => field = value > TimeSpan.Zero ? value : throw new ArgumentOutOfRangeException(nameof(TimeLimit), value, "must be positive"); } = TimeSpan.FromMinutes(2);

    /// <summary>xtb's own <c>--acc</c>. With its default of 1 the gradient of methanol is wrong by 1e-6 hartree/bohr, with 0.1 by less than 1e-7, for two or three more iterations, which cost nothing beside the start of the process.</summary>
    public double Accuracy { get; init => field = value is >= 1e-4 and <= 1000 ? value : throw new ArgumentOutOfRangeException(nameof(Accuracy), value, "expected 1e-4 to 1000"); } = 0.1;

    /// <summary>Begin the self-consistent iterations from the charges of the step before, when it was the same molecule almost in the same place.</summary>
    public bool ReuseCharges { get; init; } = true;
}
