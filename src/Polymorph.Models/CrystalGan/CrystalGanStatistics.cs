namespace Polymorph.Models.CrystalGan;

/// <summary>What some batches measured, on average.</summary>
/// <param name="CriticLoss">Mean score of generated less that of real images, plus the penalty.</param>
/// <param name="Wasserstein">Mean score of real less that of generated images: an estimate of the distance, falling as training succeeds.</param>
/// <param name="SlopeNorm">Mean norm of the critic's slope; pulled to 1.</param>
/// <param name="AtomLoss">Classifier's atom terms on real images, summed over elements.</param>
/// <param name="CountLoss">Classifier's count terms on real images, summed over elements.</param>
/// <param name="GeneratorScore">Mean score of the last generator update's images; the generator raises it.</param>
/// <param name="GeneratedCountLoss">Count terms of the last generator update's images.</param>
/// <param name="EnergyError">Mean absolute error of the predicted energies above the hull, eV/atom; 0 where none is learnt.</param>
public readonly record struct CrystalGanStatistics(
    double CriticLoss, double Wasserstein, double SlopeNorm, double AtomLoss, double CountLoss, double GeneratorScore, double GeneratedCountLoss, double EnergyError);
