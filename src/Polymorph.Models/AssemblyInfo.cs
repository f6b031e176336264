using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Polymorph.Models.Tests")]
