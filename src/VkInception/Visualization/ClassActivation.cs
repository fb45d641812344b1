using System.Collections.Immutable;
using VkInception.Graph;
using VkInception.Graph.Attribution;
using VkInception.Graph.Models;
using VkInception.Graph.Training;
using VkInception.Kernels;
using VkInception.Training;
using VkInception.Vulkan;

namespace VkInception.Visualization;

/// <summary>Makes class activation maps: CAM (1512.04150) where a network ends in a global average pool and a linear layer, Grad-CAM (1610.02391) for all. Not thread-safe.</summary>
public sealed class ClassActivation
{
    private readonly GpuDevice device;
    private readonly IWeightSource weights;
    private readonly IKernelChooser kernels;
    private readonly FeatureMaps features;

    private ClassActivation(GpuDevice device, IWeightSource weights, IKernelChooser kernels, FeatureMaps features)
    {
        this.device = device;
        this.weights = weights;
        this.kernels = kernels;
        this.features = features;
    }

    /// <summary>Makes the map of one image.</summary>
    /// <param name="device">Where the network runs.</param>
    /// <param name="model">A classifier with its weights.</param>
    /// <param name="x">The image, preprocessed: C H W.</param>
    /// <param name="options">Class, method, node; null takes the most likely class and what the network allows.</param>
    /// <exception cref="VkInceptionException">
    /// <see cref="ErrorCode.InvalidArgument"/>: no such class, another number of elements, or CAM of a network that has no global average pool before its classifier;
    /// <see cref="ErrorCode.UnknownNode"/>; what compiling raises.
    /// </exception>
    public static ClassActivationMap Compute(GpuDevice device, Model model, ReadOnlySpan<float> x, ClassActivationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(model);
        options ??= new ClassActivationOptions();
        return Compute(device, model.Network(new ModelOptions(1, options.Height, options.Width)), model.Source, x, options);
    }

    /// <summary>The same for a network of its own, before any rewrite.</summary>
    internal static ClassActivationMap Compute(GpuDevice device, Network network, IWeightSource weights, ReadOnlySpan<float> x, ClassActivationOptions options)
    {
        FeatureMaps features = FeatureMaps.Of(network, options.Node);
        if (options.Method == ActivationMethod.Cam && !features.IsPooled)
            throw new VkInceptionException(ErrorCode.InvalidArgument, $"{network.Name}: CAM needs a global average pool and a linear layer right behind {features.Maps.Name}; take Grad-CAM");
        return new ClassActivation(device, weights, options.Kernels ?? ConvolutionKernels.Tuned(device), features).Compute(x, options);
    }

    private ClassActivationMap Compute(ReadOnlySpan<float> x, ClassActivationOptions options)
    {
        float[] scores = Run(features.Logits, x);
        float[] probabilities = Prediction.Softmax(scores);
        int classIndex = options.Class ?? Prediction.Top(scores, 1)[0].Index;
        if (classIndex < 0 || classIndex >= scores.Length)
            throw new VkInceptionException(ErrorCode.InvalidArgument, $"{features.Network.Name}: class {classIndex} is outside 0 to {scores.Length - 1}");
        ActivationMethod method = options.Method == ActivationMethod.Automatic ? features.IsPooled ? ActivationMethod.Cam : ActivationMethod.GradCam : options.Method;
        float[] maps = Run(features.Maps, x);
        float[] values = method == ActivationMethod.Cam ? Weighed(maps, ClassWeights(classIndex)) : Array.ConvertAll(Weighed(maps, MeanGradients(x, classIndex, scores[classIndex])), v => Math.Max(v, 0));
        return new ClassActivationMap(features.Maps.Name, method, classIndex, probabilities[classIndex], features.Maps.Shape.H, features.Maps.Shape.W, ImmutableArray.Create(values));
    }

    private float[] Run(Tensor output, ReadOnlySpan<float> x)
    {
        using CompiledModel compiled = CompiledModel.Create(device, features.Network.WithOutputs(output), weights, kernels);
        return compiled.Run(x);
    }

    /// <summary>A row of the classifier's matrix; where each class has a map of its own, that one.</summary>
    private float[] ClassWeights(int classIndex)
    {
        int channels = features.Maps.Shape.C;
        if (features.ClassWeights is { } matrix) return Read(matrix).Slice(classIndex * channels, channels).ToArray();
        var own = new float[channels];
        own[classIndex] = 1;
        return own;
    }

    private float[] MeanGradients(ReadOnlySpan<float> x, int classIndex, float score)
    {
        ScoreProbe probe = ScoreProbe.Create(features, classIndex);
        TrainingPlan plan = TrainingPlanner.Plan(probe.Training, kernels, new TrainingPlanOptions { IsFrozen = p => p != probe.Bias });
        using var compiled = new CompiledTraining(device, plan, new ProbedWeights(weights, probe), []);
        compiled.Run(x, [1], new StepValues { LossScale = 1 });
        float[] sums = compiled.ReadGradients()[probe.Bias];
        double divisor = ScoreProbe.Divisor(score) * features.Maps.Shape.H * features.Maps.Shape.W;
        return Array.ConvertAll(sums, sum => (float)(sum / divisor));
    }

    private static float[] Weighed(float[] maps, float[] weight)
    {
        int area = maps.Length / weight.Length;
        var sums = new double[area];
        for (int k = 0; k < weight.Length; k++)
            for (int i = 0; i < area; i++) sums[i] += (double)weight[k] * maps[k * area + i];
        return Array.ConvertAll(sums, sum => (float)sum);
    }

    private ReadOnlyMemory<float> Read(Parameter parameter)
    {
        if (parameter.Value is { } value && !weights.Has(parameter)) return value;
        return parameter.Derive is null ? weights.Read(parameter) : parameter.Derive(Read);
    }

    /// <summary>The model's weights; the probe's parameters keep the values they were given.</summary>
    private sealed class ProbedWeights(IWeightSource weights, ScoreProbe probe) : IWeightSource
    {
        public bool Has(Parameter parameter) => !probe.Added.Contains(parameter) && weights.Has(parameter);

        public ReadOnlyMemory<float> Read(Parameter parameter) => weights.Read(parameter);
    }
}
