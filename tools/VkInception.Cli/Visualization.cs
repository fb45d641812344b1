using VkInception.Cli.Documents;
using VkInception.Graph;
using VkInception.Graph.Models;
using VkInception.Graph.Ops;
using VkInception.Imaging;
using VkInception.Training;
using VkInception.Visualization;

namespace VkInception.Cli;

/// <summary>The pictures of one network and one photo.</summary>
/// <param name="session">The device.</param>
/// <param name="model">The network with its weights.</param>
/// <param name="input">Its preprocessing, cut to its input.</param>
internal sealed class Visualization(DeviceSession session, Model model, ImageInput input)
{
    private const int LongestSide = 1024;

    /// <summary>The filters of the first convolution.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.UnsupportedOperator"/> where there is none.</exception>
    public (string Node, Picture Picture) Filters()
    {
        Network network = model.Network();
        Node first = network.Nodes.FirstOrDefault(n => n.Op is Conv2d)
            ?? throw new VkInceptionException(ErrorCode.UnsupportedOperator, $"{model.Name}: has no convolution, so there are no filters to draw");
        Parameter weight = first.Parameters[0];
        Shape shape = weight.Shape;
        ReadOnlyMemory<float> values = model.ReadParameter(weight);
        return (first.Name, FilterPicture.Draw(values.Span, shape[0], shape[1], shape[2], shape[3], input.Order));
    }

    /// <summary>The maps of any node.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.UnknownNode"/>; <see cref="ErrorCode.ShapeMismatch"/> where it has no height and width.</exception>
    public Picture Activations(Photo photo, string node)
    {
        var options = new CompileOptions { Height = input.Height, Width = input.Width, Output = node, Kernels = session.Kernels };
        Shape shape = model.Network(new ModelOptions(1, input.Height, input.Width)).Find(node).Shape;
        if (shape.Rank != 4)
            throw new VkInceptionException(ErrorCode.ShapeMismatch, $"{model.Name}: {node} is {shape}, which has no height and width to draw; 'run --fetch {node}' writes its numbers");
        using CompiledModel compiled = model.Compile(session.Device, options);
        return ActivationPicture.Draw(compiled.Run(Preprocessor.Run(photo, input)), shape.C, shape.H, shape.W);
    }

    /// <summary>The class activation map, and the photo under it.</summary>
    public (ClassActivationMap Map, Picture Picture) ClassMap(Photo photo, ClassActivationOptions options)
    {
        ClassActivationMap map = ClassActivation.Compute(session.Device, model, Preprocessor.Run(photo, input), options with { Height = input.Height, Width = input.Width, Kernels = session.Kernels });
        double factor = Math.Min(1, LongestSide / (double)Math.Max(photo.Width, photo.Height));
        int width = Math.Max(1, (int)Math.Round(photo.Width * factor)), height = Math.Max(1, (int)Math.Round(photo.Height * factor));
        Photo shown = factor == 1 ? photo : photo.Resize(width, height);
        CropView view = CropPlan.Centre(photo.Width, photo.Height, input);
        double across = width / (double)view.ResizedWidth, down = height / (double)view.ResizedHeight;
        var seen = new PhotoArea(view.Box.Left * across, view.Box.Top * down, view.Box.Width * across, view.Box.Height * down);
        return (map, HeatPicture.Draw(shown.Pixels, width, height, map, seen));
    }

    /// <summary>As the JSON document has it.</summary>
    public static ClassMapDocument Describe(ClassActivationMap map, IReadOnlyList<string>? labels)
        => new(Word(map.Method), map.Node, map.Class, labels?[map.Class], map.Probability, map.Height, map.Width, map.Values);

    /// <summary>A method as the command line says it.</summary>
    public static string Word(ActivationMethod method) => method == ActivationMethod.Cam ? "cam" : "grad-cam";
}
