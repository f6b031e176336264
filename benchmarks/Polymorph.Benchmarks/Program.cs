Console.Error.WriteLine("usage: Polymorph.Benchmarks NAME");
return 2;
