using VkInception.Fuzz;

if (FuzzOptions.Parse(args, out string? problem) is not { } options)
{
    await Console.Error.WriteLineAsync(problem).ConfigureAwait(false);
    return 2;
}
return options.Role switch
{
    FuzzRole.List => ReaderList.Print(),
    FuzzRole.Worker => new Worker(options).Run(),
    FuzzRole.Replay => Replay.Run(options),
    _ => new Supervisor(options).Run(),
};
