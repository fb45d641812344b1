using System.CommandLine;
using System.Globalization;
using VkInception.Training.Recipes;

namespace VkInception.Cli.Training;

/// <summary>Says in full how a run with a recipe trains; what an option changed is marked.</summary>
internal static class RecipeText
{
    /// <summary>A line a setting.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="training">What it came to.</param>
    /// <param name="parsed">The command line.</param>
    /// <param name="model">The network, which has a say in initial weights and auxiliary heads.</param>
    /// <param name="batch">Images per step.</param>
    /// <param name="epochs">Passes.</param>
    /// <param name="augmentation">How images are varied.</param>
    public static IEnumerable<string> Lines(Recipe recipe, TrainingWords training, ParseResult parsed, Model model, int batch, int epochs, string augmentation)
    {
        float? auxiliary = training.AuxiliaryWeight(parsed);
        yield return $"recipe {recipe.Name}: {recipe.Source}";
        yield return Line("optimizer", training.Optimizer(parsed).ToString(), recipe.CreateOptimizer().ToString());
        yield return Line("learning rate", Number(training.LearningRate(parsed)), Number(recipe.LearningRate));
        yield return Line("schedule", training.Schedule(parsed).ToString(), recipe.CreateSchedule().ToString());
        yield return Line("batch", Number(batch), Number(recipe.Batch));
        yield return Line("epochs", Number(epochs), Number(recipe.Epochs));
        yield return Line("augmentation", augmentation, recipe.Augmentation);
        yield return Line("label smoothing", Number(training.Smoothing(parsed)), Number(recipe.Smoothing));
        yield return Line("auxiliary heads", Weight(auxiliary), Weight(recipe.AuxiliaryWeight));
        yield return Line("clipping by norm", Number(training.ClipNorm(parsed)), Number(recipe.ClipNorm));
        yield return Line("moving average", Number(training.Average(parsed)), Number(recipe.AverageDecay));
        yield return Line("parameter groups", training.Groups(parsed), recipe.Groups);
        yield return Line("initial weights", training.Initializer(parsed, model).ToString(), recipe.Initialization is { } text ? Graph.Training.Initializers.Initializer.Parse(text).ToString() : null);
        if (recipe.Remark.Length > 0) yield return $"  {recipe.Remark}";

        string Weight(float? weight) => weight is { } own ? Number(own) : $"{Number(model.Card?.AuxiliaryLossWeight ?? 0)} (the network's)";
    }

    private static string Line(string name, string value, string? own) => $"  {name,-17} {value}{(own is null || own == value ? "" : $"  (recipe: {own})")}";

    private static string Number(float value) => value == 0 ? "none" : value.ToString("R", CultureInfo.InvariantCulture);

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
