using Polymorph.Cli.Shell;

using var signals = new StopSignals();
return new CommandLine(Terminal.OfProcess()).Run(args, signals.Cancellation);
