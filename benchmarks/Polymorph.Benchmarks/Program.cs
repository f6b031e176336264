using Polymorph.Benchmarks;

switch (args)
{
    case ["descriptors", .. var rest]:
        return DescriptorsBenchmark.Run(rest);
    default:
        Console.Error.WriteLine("usage: Polymorph.Benchmarks NAME");
        return 2;
}
