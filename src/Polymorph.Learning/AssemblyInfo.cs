using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Polymorph.Learning.Tests")]
[assembly: InternalsVisibleTo("Polymorph.Energies")]
