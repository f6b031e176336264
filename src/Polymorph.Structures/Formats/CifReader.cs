namespace Polymorph.Structures.Formats;

/// <summary>Reads CIF, data block by data block. Blocks without a cell and without atoms are passed over.</summary>
internal sealed class CifReader(TextLines lines, string file, string idName, ReadOptions options) : TextFormatReader(lines, file, idName, options)
{
    private readonly CifTokens _tokens = new(lines);
    private bool _finished;

    public override ReadResult? Next()
    {
        while (!_finished)
        {
            var (block, problem) = ReadBlock();
            if (block is null && problem is null)
            {
                continue;
            }

            if (problem is null && !block!.IsStructure)
            {
                continue;
            }

            Entries++;
            if (problem is not null)
            {
                return Reject(problem);
            }

            try
            {
                return Accept(CifStructure.Build(block!, Id, Options));
            }
            catch (InputProblemException p)
            {
                return Reject(p);
            }
        }

        if (Entries == 0)
        {
            Entries++;
            return Reject(new InputProblemException("PM2401", 0, "the file has no data block with a structure", "A block begins with data_NAME and has _cell_... and _atom_site_... items."));
        }

        return null;
    }

    /// <summary>Reads to the next data block or the end; after a problem the rest of the block is passed over.</summary>
    private (CifBlock? Block, InputProblemException? Problem) ReadBlock()
    {
        CifBlock? block = null;
        InputProblemException? problem = null;
        while (true)
        {
            try
            {
                var token = _tokens.Next();
                if (token.Kind == CifKind.End)
                {
                    _finished = true;
                    return (block, problem);
                }

                if (token.Kind == CifKind.Data)
                {
                    if (block is not null || problem is not null)
                    {
                        _tokens.Push(token);
                        return (block, problem);
                    }

                    block = new CifBlock(token.Text, token.Line);
                }
                else if (token.Kind is CifKind.Name or CifKind.Loop && block is not null && problem is null)
                {
                    block.Read(token, _tokens, Options);
                }
                else if (token.Kind == CifKind.Value && problem is null)
                {
                    problem = new InputProblemException("PM2408", token.Line, $"'{StructureChecks.Shown(token.Text)}' belongs to no data name",
                        block is null ? "A CIF begins with data_NAME; if this is another format, name it." : "Look for a value with a blank that is not in quotes.");
                }
                else if (token.Kind is CifKind.Name or CifKind.Loop && block is null && problem is null)
                {
                    problem = new InputProblemException("PM2411", token.Line, $"'{StructureChecks.Shown(token.Text)}' stands before the first data block", "Write a line data_NAME before it.");
                }
            }
            catch (InputProblemException p) when (!p.EndsFile)
            {
                problem ??= p;
            }
        }
    }
}
