using Polymorph.Foundation;
using Polymorph.Structures;

namespace Polymorph.Energies;

/// <summary>A source of energies, forces and stresses: a potential of ours or a program outside. Safe to share between threads.</summary>
public interface IEnergyEngine
{
    /// <summary>Name of the method that goes with every energy, such as <c>tensornet-matpes-pbe-2025.1</c>. Energies of two methods are never compared.</summary>
    string Method { get; }

    /// <summary>Why this engine cannot treat a structure (an element it does not know, a cell it needs), as a clause without a full stop; null when it can.</summary>
    /// <param name="structure">The structure.</param>
    string? Refusal(Structure structure);

    /// <summary>A worker for one thread at a time, with its own scratch memory, process or connection.</summary>
    /// <exception cref="PolymorphException">The engine cannot be started at all: a program is missing, weights cannot be read.</exception>
    IEvaluator CreateEvaluator();
}

/// <summary>Evaluates one structure after the other; one thread's.</summary>
public interface IEvaluator : IDisposable
{
    /// <summary>Energy, forces and, for crystals, stress. What goes wrong with this structure alone is a failed result and not an exception.</summary>
    /// <param name="structure">A structure the engine does not refuse; a refused one gives a failed result.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    Evaluation Evaluate(Structure structure, CancellationToken cancellation = default);
}
