using Polymorph.Structures;

namespace Polymorph.Representations.Fingerprints;

/// <summary>A face of the Voronoi polyhedron of an atom.</summary>
/// <param name="Neighbor">The neighbour beyond the face.</param>
/// <param name="SolidAngle">Solid angle of the face seen from the atom, steradian.</param>
/// <param name="Area">Area of the face, Å².</param>
internal readonly record struct VoronoiFace(Neighbor Neighbor, double SolidAngle, double Area);
