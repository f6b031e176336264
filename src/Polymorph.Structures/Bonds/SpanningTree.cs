namespace Polymorph.Structures.Bonds;

/// <summary>A depth-first walk through one piece of a molecule. Every bond that is not in the tree joins an atom to one of its ancestors.</summary>
internal sealed class SpanningTree
{
    /// <summary>Walks from an atom.</summary>
    /// <param name="neighbours">Bonded atoms of each atom, in the order in which to visit them.</param>
    /// <param name="start">The root.</param>
    public SpanningTree(int[][] neighbours, int start)
    {
        int count = neighbours.Length;
        Children = new List<int>[count];
        RingBonds = new List<int>[count];
        Size = new int[count];
        var next = new int[count];
        var parent = new int[count];
        var stack = new Stack<int>();
        Enter(start, -1);
        while (stack.TryPeek(out int atom))
        {
            if (next[atom] == neighbours[atom].Length)
            {
                stack.Pop();
                Size[atom] = 1 + Children[atom].Sum(child => Size[child]);
                continue;
            }

            int other = neighbours[atom][next[atom]++];
            if (Children[other] is null)
            {
                Children[atom].Add(other);
                Enter(other, atom);
            }
            else if (other != parent[atom] && !Children[atom].Contains(other) && Size[other] == 0)
            {
                RingBonds[other].Add(atom);
            }
        }

        void Enter(int atom, int from)
        {
            Children[atom] = [];
            RingBonds[atom] = [];
            parent[atom] = from;
            stack.Push(atom);
        }
    }

    /// <summary>Atoms first reached from each atom.</summary>
    public List<int>[] Children { get; }

    /// <summary>For each atom, its descendants bonded to it outside the tree.</summary>
    public List<int>[] RingBonds { get; }

    /// <summary>Atoms in each branch, its root included.</summary>
    public int[] Size { get; }
}
