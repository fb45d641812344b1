using VkInception.Cli;

return await CommandLine.RunAsync(args);
