using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Polymorph.Learning.Tests")]
