using Polyad.Cli;

Console.OutputEncoding = new System.Text.UTF8Encoding(false);
return await PolyadTool.RunAsync(args, ToolConsole.ForProcess()).ConfigureAwait(false);
