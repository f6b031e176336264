Console.Error.WriteLine("polymorph: no verb is built yet");
return 2;
