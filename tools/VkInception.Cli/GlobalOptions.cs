using System.CommandLine;
using VkInception.Graph.Training;

namespace VkInception.Cli;

/// <summary>The options of every command, before or after its name.</summary>
internal sealed class GlobalOptions
{
    private readonly Option<string> device = new("--device")
    {
        Description = "Device to use: its index, its name or a part of it, or 'auto'",
        HelpName = "INDEX|NAME|auto",
        DefaultValueFactory = _ => "auto",
        Recursive = true,
    };

    private readonly Option<string> precision = new("--precision")
    {
        Description = "Storage of activations and weights: fp16 for inference, mixed for training, where sums are float always; fp64 for gradients and one-batch training",
        HelpName = "fp32|fp16|mixed|fp64",
        DefaultValueFactory = _ => "fp32",
        Recursive = true,
    };

    private readonly Option<bool> validate = new("--validate") { Description = "Run with Vulkan's validation layers", Recursive = true };
    private readonly Option<string> profile = new("--profile") { Description = "Write a per-kernel trace that Perfetto opens (classify, run, bench)", HelpName = "FILE", Recursive = true };
    private readonly Option<string> kernel = new("--kernel") { Description = "Convolution kernel to take wherever it applies, by its name or the first words of it (classify, run, evaluate, train, gradients, plan, bench)", HelpName = "NAME", Recursive = true };
    private readonly Option<bool> noTuning = new("--no-tuning") { Description = "Choose convolution kernels by an estimate, whatever 'tune' measured before", Recursive = true };
    private readonly Option<bool> json = new("--json") { Description = "One JSON document on standard output, everything else on standard error", Recursive = true };
    private readonly Option<bool> quiet = new("--quiet") { Description = "No progress and no remarks", Recursive = true };

    public GlobalOptions()
    {
        Words.Among(precision, "fp32", "fp16", "mixed", "fp64");
        Words.RefusingNothing(device);
        Words.RefusingNothing(profile);
        Words.RefusingNothing(kernel);
    }

    public IEnumerable<Option> All => [device, precision, validate, profile, kernel, noTuning, json, quiet];

    /// <summary>Makes a global option that the command could only ignore wrong usage there.</summary>
    public void RefuseWhatHasNoMeaning(CliCommand command)
    {
        command.Validators.Add(result =>
        {
            if (!command.RunsKernels && result.GetResult(profile) is { Implicit: false })
                result.AddError($"--profile: '{command.Name}' runs no kernels, so there is nothing to time");
            if (!command.PlansKernels && result.GetResult(kernel) is { Implicit: false })
                result.AddError($"--kernel: '{command.Name}' chooses no kernels");
            if (!command.PlansKernels && result.GetResult(noTuning) is { Implicit: false })
                result.AddError($"--no-tuning: '{command.Name}' chooses no kernels");
        });
    }

    /// <summary>Reads the options.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InvalidArgument"/>: a precision that is not offered, or not by this command.</exception>
    public Settings Read(ParseResult parsed)
    {
        return new Settings(parsed.GetValue(device)!, ReadPrecision(parsed), parsed.GetValue(validate), parsed.GetValue(profile), parsed.GetValue(json), parsed.GetValue(quiet), parsed.GetValue(kernel), parsed.GetValue(noTuning))
        {
            PrecisionWord = parsed.GetValue(precision)!,
        };
    }

    private Precision? ReadPrecision(ParseResult parsed)
    {
        if (parsed.GetResult(precision) is not { Implicit: false })
            return null;
        string chosen = parsed.GetValue(precision)!;
        var command = parsed.CommandResult.Command as CliCommand;
        return chosen switch
        {
            "fp32" => Precision.Single,
            "mixed" when command?.TakesMixed(parsed) == true => Precision.Mixed,
            "fp64" when command?.TakesDouble(parsed) == true => Precision.Double,
            "fp64" => throw new VkInceptionException(ErrorCode.InvalidArgument, "--precision fp64 is for gradients and for train on one batch (--input): leave it out here, or say fp32"),
            "mixed" => throw new VkInceptionException(ErrorCode.InvalidArgument, "--precision mixed is for training (train, gradients, plan --train, bench --train): leave it out here, or say fp32"),
            "fp16" when command?.TakesHalf(parsed) == true => Precision.Half,
            "fp16" => throw new VkInceptionException(ErrorCode.InvalidArgument, "--precision fp16 is for inference (run, classify, evaluate, plan, bench); training takes mixed: leave it out here, or say fp32"),
            _ => throw new VkInceptionException(ErrorCode.InvalidArgument, $"--precision {chosen} is not offered by this version: leave it out, or say fp32"),
        };
    }
}
