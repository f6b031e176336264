using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Polymorph.Learning.Tests")]
[assembly: InternalsVisibleTo("Polymorph.Energies")]
[assembly: InternalsVisibleTo("Polymorph.Models")]
[assembly: InternalsVisibleTo("Polymorph.Models.Tests")]
