using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using VkInception.Graph.Training;

namespace VkInception.Cli;

/// <summary>Words of a command line that several commands share.</summary>
internal static class Words
{
    /// <summary>A network of the zoo or of a file.</summary>
    public static Argument<string> Model() => One("MODEL", "A network's name (see 'models'), an .onnx file or a Caffe .prototxt");

    /// <summary>The checkpoint of a network.</summary>
    public static Option<string> Weights() =>
        Text("--weights", "FILE", "Checkpoint: .safetensors, .caffemodel, .pth, .pt, .th, .npz, .onnx, .pb, .ckpt, .index, model.json or .h5");

    /// <summary>Images per run.</summary>
    public static Option<int> Batch() => Number("--batch", 1, 1, 65536, "Images per run");

    /// <summary>A training step instead of inference.</summary>
    public static Option<bool> Train() => new("--train") { Description = "A training step (forward, backward, SGD with momentum) instead of inference" };

    /// <summary>Recomputation in the training step.</summary>
    public static Option<bool> CheckpointActivations() =>
        new("--checkpoint-activations") { Description = "Compute activations again in the backward pass instead of keeping them: less memory, more time" };

    /// <summary>A side of the input.</summary>
    public static Option<int> Size() => Number("--size", 0, 0, 4096, "Side of the input in pixels; 0 takes the network's own");

    /// <summary>A required word; one that looks like an option is a misspelt option, not a file.</summary>
    public static Argument<string> One(string name, string description)
    {
        var argument = new Argument<string>(name) { Description = description };
        argument.Validators.Add(RefuseOptions);
        return argument;
    }

    /// <summary>One or more words.</summary>
    public static Argument<string[]> Many(string name, string description)
    {
        var argument = new Argument<string[]>(name) { Description = description, Arity = ArgumentArity.OneOrMore };
        argument.Validators.Add(RefuseOptions);
        return argument;
    }

    /// <summary>An optional path or name.</summary>
    public static Option<string> Text(string name, string helpName, string description, params string[] aliases) =>
        RefusingNothing(new Option<string>(name, aliases) { Description = description, HelpName = helpName });

    /// <summary>A required path or name.</summary>
    public static Option<string> RequiredText(string name, string helpName, string description, params string[] aliases) =>
        RefusingNothing(new Option<string>(name, aliases) { Description = description, HelpName = helpName, Required = true });

    /// <summary>A whole number from <paramref name="least"/> to <paramref name="most"/>.</summary>
    public static Option<int> Number(string name, int value, int least, int most, string description) => new(name)
    {
        Description = description,
        HelpName = "N",
        DefaultValueFactory = _ => value,
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int given) || given < least || given > most)
                result.AddError($"{name} {text}: a whole number from {least} to {most} is needed");
            return given;
        },
    };

    /// <summary>A finite number from <paramref name="least"/> to <paramref name="most"/>; null where it is not given.</summary>
    public static Option<float?> Real(string name, double least, double most, string description) => new(name)
    {
        Description = description,
        HelpName = "X",
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float given) && given >= least && given <= most)
                return given;
            result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} {text}: a number from {least} to {most} is needed"));
            return null;
        },
    };

    /// <summary>Lets an option have no other value than those.</summary>
    public static Option<string> Among(Option<string> option, params string[] values)
    {
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && !values.Contains(result.Tokens[0].Value))
                result.AddError($"{option.Name} {result.Tokens[0].Value}: must be {string.Join(", ", values[..^1])} or {values[^1]}");
        });
        option.CompletionSources.Add(values);
        return option;
    }

    /// <summary>A precision as <c>--precision</c> names it.</summary>
    public static string Of(Precision precision) => precision switch
    {
        Precision.Mixed => "mixed",
        Precision.Half => "fp16",
        Precision.Double => "fp64",
        _ => "fp32",
    };

    /// <summary>Refuses the empty word, which an unset variable of a script leaves.</summary>
    public static Option<string> RefusingNothing(Option<string> option)
    {
        option.Validators.Add(result =>
        {
            if (result.Tokens.Any(t => t.Value.Length == 0))
                result.AddError($"{option.Name} is followed by an empty word");
        });
        return option;
    }

    private static void RefuseOptions(ArgumentResult result)
    {
        foreach (string word in result.Tokens.Select(t => t.Value))
        {
            if (word.Length == 0)
                result.AddError($"{result.Argument.Name} is an empty word");
            else if (word.StartsWith('-') && word.Length > 1)
                result.AddError($"unknown option '{word}' (a file of that name is given as ./{word})");
        }
    }
}
