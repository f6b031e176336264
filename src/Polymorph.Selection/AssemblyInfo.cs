using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Polymorph.Selection.Tests")]
