using Polymorph.Structures;

namespace Polymorph.Representations.Fingerprints;

/// <summary>The points nearer to the origin than to any of a list of neighbours, built by cutting a cube with the bisecting planes.</summary>
/// <remarks>An instance is used again for one atom after the other and then allocates nothing. Vertices nearer than 1e-8 Å to a plane count as lying in it,
/// so that the many degenerate vertices of crystals make no faces of rounding errors.</remarks>
internal sealed class VoronoiPolyhedron
{
    private const double HalfEdge = 1000, Tolerance = 1e-8;
    private const int Outside = -1;

    private readonly List<Polygon> _faces = [];
    private readonly Stack<Polygon> _free = new();
    private readonly List<(double Angle, Vector3D Point)> _rim = [];
    private List<Vector3D> _clipped = [];

    /// <summary>Largest distance of a vertex from the origin, Å. Neighbours beyond twice this distance cannot cut.</summary>
    public double Radius { get; private set; }

    /// <summary>True when every face belongs to a neighbour.</summary>
    public bool IsClosed => _faces.TrueForAll(face => face.Neighbor != Outside);

    /// <summary>Number of faces.</summary>
    public int FaceCount => _faces.Count;

    /// <summary>Begins again with a cube far larger than any polyhedron of a crystal.</summary>
    public void Reset()
    {
        foreach (var face in _faces)
        {
            _free.Push(face);
        }

        _faces.Clear();
        for (int axis = 0; axis < 3; axis++)
        {
            for (int sign = -1; sign <= 1; sign += 2)
            {
                var face = Take(Outside);
                for (int corner = 0; corner < 4; corner++)
                {
                    double u = corner is 1 or 2 ? HalfEdge : -HalfEdge, v = corner >= 2 ? HalfEdge : -HalfEdge, w = sign * HalfEdge;
                    face.Vertices.Add(axis switch { 0 => new(w, u, v), 1 => new(v, w, u), _ => new(u, v, w) });
                }
            }
        }

        Radius = HalfEdge * Math.Sqrt(3);
    }

    /// <summary>Cuts off what is nearer to a neighbour.</summary>
    /// <param name="offset">The neighbour's position, Å, not zero.</param>
    /// <param name="neighbor">Its number, zero or more.</param>
    public void Cut(Vector3D offset, int neighbor)
    {
        double length = offset.Length;
        var normal = offset * (1 / length);
        double height = length / 2;
        if (height > Radius || !Reaches(normal, height))
        {
            return;
        }

        _rim.Clear();
        int kept = 0;
        for (int i = 0; i < _faces.Count; i++)
        {
            var face = _faces[i];
            Clip(face.Vertices, normal, height);
            if (_clipped.Count < 3)
            {
                _free.Push(face);
                continue;
            }

            (face.Vertices, _clipped) = (_clipped, face.Vertices);
            _faces[kept++] = face;
        }

        _faces.RemoveRange(kept, _faces.Count - kept);
        AddRim(neighbor);
        Radius = 0;
        foreach (var face in _faces)
        {
            foreach (var vertex in face.Vertices)
            {
                Radius = Math.Max(Radius, vertex.LengthSquared);
            }
        }

        Radius = Math.Sqrt(Radius);
    }

    /// <summary>Neighbour, solid angle (steradian) and area (Å²) of a face.</summary>
    /// <param name="face">Number of the face.</param>
    /// <remarks>Solid angle of each triangle of a fan: Van Oosterom and Strackee, IEEE Trans. Biomed. Eng. 30 (1983) 125.</remarks>
    public (int Neighbor, double SolidAngle, double Area) Measure(int face)
    {
        var vertices = _faces[face].Vertices;
        var first = vertices[0];
        double a = first.Length, angle = 0, area = 0;
        for (int i = 1; i + 1 < vertices.Count; i++)
        {
            Vector3D u = vertices[i], v = vertices[i + 1];
            double b = u.Length, c = v.Length;
            double triple = Math.Abs(first.Dot(u.Cross(v)));
            angle += 2 * Math.Atan2(triple, a * b * c + c * first.Dot(u) + b * first.Dot(v) + a * u.Dot(v));
            area += (u - first).Cross(v - first).Length / 2;
        }

        return (_faces[face].Neighbor, angle, area);
    }

    private bool Reaches(Vector3D normal, double height)
    {
        foreach (var face in _faces)
        {
            foreach (var vertex in face.Vertices)
            {
                if (vertex.Dot(normal) - height > Tolerance)
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Keeps the part of a polygon on the near side; points in the plane join the rim.</summary>
    private void Clip(List<Vector3D> vertices, Vector3D normal, double height)
    {
        _clipped.Clear();
        var previous = vertices[^1];
        double before = previous.Dot(normal) - height;
        foreach (var vertex in vertices)
        {
            double beyond = vertex.Dot(normal) - height;
            if (before < -Tolerance && beyond > Tolerance)
            {
                Meet(previous + before / (before - beyond) * (vertex - previous));
            }
            else if (before > Tolerance && beyond < -Tolerance)
            {
                // From the inner to the outer end, as the other face of the edge sees it: equal bits.
                Meet(vertex + beyond / (beyond - before) * (previous - vertex));
            }

            if (beyond <= Tolerance)
            {
                if (beyond >= -Tolerance)
                {
                    Meet(vertex);
                }
                else
                {
                    _clipped.Add(vertex);
                }
            }

            (previous, before) = (vertex, beyond);
        }

        void Meet(Vector3D point)
        {
            _clipped.Add(point);
            _rim.Add((0, point));
        }
    }

    /// <summary>The new face: the points of the rim in the order of their angles about its middle.</summary>
    private void AddRim(int neighbor)
    {
        if (_rim.Count < 3)
        {
            return;
        }

        var face = Take(neighbor);
        var vertices = face.Vertices;
        foreach (var (_, point) in _rim)
        {
            if (!vertices.Exists(other => (other - point).LengthSquared < Tolerance * Tolerance))
            {
                vertices.Add(point);
            }
        }

        if (vertices.Count < 3)
        {
            _faces.RemoveAt(_faces.Count - 1);
            _free.Push(face);
            return;
        }

        var middle = Vector3D.Zero;
        foreach (var vertex in vertices)
        {
            middle += vertex;
        }

        middle *= 1.0 / vertices.Count;
        var across = vertices[0] - middle;
        var normal = across;
        for (int i = 1; i < vertices.Count; i++)
        {
            var candidate = across.Cross(vertices[i] - middle);
            normal = i == 1 || candidate.LengthSquared > normal.LengthSquared ? candidate : normal;
        }

        var along = normal.Cross(across);
        double scale = Math.Sqrt(across.LengthSquared / along.LengthSquared);
        _rim.Clear();
        foreach (var vertex in vertices)
        {
            var arm = vertex - middle;
            _rim.Add((Math.Atan2(scale * arm.Dot(along), arm.Dot(across)), vertex));
        }

        _rim.Sort((u, v) => u.Angle.CompareTo(v.Angle));
        vertices.Clear();
        foreach (var (_, point) in _rim)
        {
            vertices.Add(point);
        }
    }

    private Polygon Take(int neighbor)
    {
        var face = _free.Count > 0 ? _free.Pop() : new Polygon();
        face.Neighbor = neighbor;
        face.Vertices.Clear();
        _faces.Add(face);
        return face;
    }

    private sealed class Polygon
    {
        public int Neighbor { get; set; }

        public List<Vector3D> Vertices { get; set; } = [];
    }
}
