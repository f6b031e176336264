using Polymorph.Models.LoGan;

namespace Polymorph.Studies.CrystalGan;

/// <summary>A training that can be stopped and saved after every batch.</summary>
internal interface ICrystalGanTraining
{
    /// <summary>Epochs done.</summary>
    int Epoch { get; }

    /// <summary>Batches done of the epoch under way.</summary>
    int Batch { get; }

    /// <summary>Batches of an epoch.</summary>
    int Batches { get; }

    /// <summary>Critic's and generator's numbers of the last batches.</summary>
    LoGanStatistics Statistics { get; }

    /// <summary>The classifier's losses as text.</summary>
    string Details { get; }

    /// <summary>Share of a batch of the generator's crystals that are sound as they are, 0 to 1.</summary>
    double ValidShare();

    /// <summary>Trains one batch.</summary>
    void Step();

    /// <summary>Writes everything that is needed to go on.</summary>
    void Save(string path);

    /// <summary>Goes on from a file.</summary>
    void Resume(string path);
}
