using VkInception.Graph;
using VkInception.Graph.Models;
using VkInception.Graph.Planning;
using VkInception.Graph.Rewrites;
using VkInception.Graph.Training;
using VkInception.Import;
using VkInception.Import.Names;
using VkInception.Kernels;
using VkInception.Running;
using VkInception.Training;
using VkInception.Vulkan;
using VkInception.Weights;

namespace VkInception;

/// <summary>A network and where its weights come from, not yet bound to a device or a batch.</summary>
/// <remarks>Thread-safe once loaded. Owns the checkpoint it opened: dispose it when no more compiling is wanted; compiled models live on.</remarks>
public sealed class Model : IDisposable
{
    private readonly Func<ModelOptions, Network> build;
    private readonly IReadOnlyList<IDisposable> owned;
    private readonly IWeightSource? weights;

    private Model(string name, ModelCard? card, ImageInput input, Func<ModelOptions, Network> build, IWeightSource? weights, IReadOnlyList<IDisposable> owned)
    {
        Name = name;
        Card = card;
        ImageInput = input;
        this.build = build;
        this.weights = weights;
        this.owned = owned;
    }

    /// <summary>Whether the network is a prototxt: a deploy definition leaves layers out that its released weights still hold.</summary>
    private bool IsCaffeDefinition => Path.GetExtension(Name).Equals(".prototxt", StringComparison.OrdinalIgnoreCase);

    /// <summary>The zoo's name, or the file's.</summary>
    public string Name { get; }

    /// <summary>The zoo's card; null for a network from a file.</summary>
    public ModelCard? Card { get; }

    /// <summary>How a photo becomes this network's input.</summary>
    public ImageInput ImageInput { get; }

    /// <summary>The classes' names in the order of the outputs, as the checkpoint tells them; empty where it does not.</summary>
    public IReadOnlyList<string> ClassNames { get; private init; } = [];

    /// <summary>Where its weights come from; null where only the network is known.</summary>
    public IWeightSource? Weights => weights;

    /// <summary>Serves every parameter, or says which checkpoint is missing.</summary>
    public IWeightSource Source => weights ?? new EmbeddedWeights(Name);

    /// <summary>Whether <see cref="Compile"/> has every weight that it needs: a checkpoint was given, or the graph file holds them all.</summary>
    public bool HasWeights => weights is not null || Network().Parameters.SelectMany(p => p.Loaded()).All(p => p.Value is not null);

    /// <summary>Loads a network by name or file, and its weights.</summary>
    /// <param name="model">A name of the zoo, an <c>.onnx</c> file (weights inside), or a Caffe <c>.prototxt</c>.</param>
    /// <param name="weightsPath">A checkpoint of any readable format; null where the file brings its own, or only the shape of the network is wanted.</param>
    /// <exception cref="VkInceptionException">Unknown name, unreadable file, unsupported operators, or weights that do not fit: one line each.</exception>
    public static Model Load(string model, string? weightsPath = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        Model shape = Path.GetExtension(model).ToUpperInvariant() switch
        {
            ".ONNX" => FromOnnx(model),
            ".PROTOTXT" => FromCaffe(model),
            _ => FromZoo(ModelZoo.Find(model)),
        };
        if (weightsPath is null) return shape;
        Checkpoint? checkpoint = null;
        try
        {
            checkpoint = shape.OpenWeights(weightsPath);
            var source = new CheckpointWeights(checkpoint);
            Model trained = shape.As(TrainedAs.Read(checkpoint, () => shape.Network()), source, [checkpoint, .. shape.owned]);
            source.Compare(trained.Network(), shape.Card?.AuxiliaryPrefixes ?? []).ThrowIfUnfit(weightsPath, shape.Name, extraAllowed: shape.IsCaffeDefinition);
            return trained;
        }
        catch
        {
            checkpoint?.Dispose();
            shape.Dispose();
            throw;
        }
    }

    /// <summary>The same network with weights from elsewhere: <see cref="SeededWeights"/> for a benchmark. The original stays the owner of its checkpoint.</summary>
    public Model WithWeights(IWeightSource source) => new(Name, Card, ImageInput, build, source, []) { ClassNames = ClassNames };

    /// <summary>The network with the classes and the image size that a checkpoint was trained with, and its weights. The caller stays the owner of both.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.FileDamaged"/>: the checkpoint's metadata cannot be read.</exception>
    public Model As(Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        return As(TrainedAs.Read(checkpoint, () => Network()), new CheckpointWeights(checkpoint), []);
    }

    /// <summary>Opens a checkpoint, and puts into this network's names and layout what is in one that is known for it: older spellings, Caffe's, TF-slim's, Keras' of every version.</summary>
    /// <remarks>What was done, and dropped, is in the checkpoint's notes. The caller disposes it.</remarks>
    /// <exception cref="VkInceptionException">As <see cref="Checkpoint.Open"/>.</exception>
    public Checkpoint OpenWeights(string path)
    {
        Checkpoint checkpoint = Checkpoint.Open(path);
        try
        {
            return Card is null ? checkpoint : NameMap.Translate(checkpoint, Card.Name, Network());
        }
        catch
        {
            checkpoint.Dispose();
            throw;
        }
    }

    /// <summary>The whole network for a batch, auxiliary heads included, before any rewrite.</summary>
    public Network Network(ModelOptions? options = null) => build(options ?? new ModelOptions());

    /// <summary>The network with its losses, as a training step computes it.</summary>
    /// <exception cref="VkInceptionException">Shape errors; a network whose classifier cannot be given that number of classes.</exception>
    public TrainingNetwork TrainingNetwork(TrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Batch < 1) throw new VkInceptionException(ErrorCode.InvalidArgument, $"batch {options.Batch}: at least 1 is needed");
        return Graph.Training.TrainingNetwork.Create(Network(new ModelOptions(options.Batch, options.Height, options.Width, options.Classes)), new LossOptions
        {
            AuxiliaryWeight = options.AuxiliaryWeight ?? Card?.AuxiliaryLossWeight ?? 0,
            Smoothing = options.Smoothing,
            ClassWeights = options.ClassWeights,
            Dropout = options.Dropout,
        });
    }

    /// <summary>Plans a training step for a device without touching device memory.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.DeviceUnsuitable"/>: mixed precision on a device without half-precision storage, or double on one without doubles; shape errors.</exception>
    public TrainingPlan PlanTraining(DeviceInfo device, TrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Precision == Precision.Half)
            throw new VkInceptionException(ErrorCode.InvalidArgument, "half precision is for inference; train in single or mixed precision");
        if (options.Precision == Precision.Mixed && !device.Storage16Bit)
            throw new VkInceptionException(ErrorCode.DeviceUnsuitable, $"{device.Name}: mixed precision needs half-precision storage (storageBuffer16BitAccess), which this device lacks; train with --precision fp32 or on another device");
        if (options.Precision == Precision.Double && !device.Float64)
            throw new VkInceptionException(ErrorCode.DeviceUnsuitable, $"{device.Name}: double precision needs doubles in shaders (shaderFloat64), which this device lacks; leave --precision out or say fp32, or take another device");
        return TrainingPlanner.Plan(TrainingNetwork(options), options.Kernels ?? new ConvolutionKernels(DeviceTraits.Of(device)), new TrainingPlanOptions
        {
            Optimizer = options.Optimizer,
            Average = options.Average,
            IsFrozen = options.IsFrozen,
            CheckpointActivations = options.CheckpointActivations,
            Precision = options.Precision,
        });
    }

    /// <summary>Plans a training step, uploads the weights and records the commands.</summary>
    /// <param name="device">Where it will run.</param>
    /// <param name="options">Batch, losses, optimizer.</param>
    /// <param name="initial">The weights to begin with; null takes the model's own.</param>
    /// <param name="cancel">Stops between two pipelines.</param>
    /// <exception cref="VkInceptionException">
    /// <see cref="ErrorCode.OutOfDeviceMemory"/>, naming what is needed, what there is and the largest batch that fits; missing weights, shape errors, Vulkan's errors.
    /// Nothing half-built stays behind.
    /// </exception>
    public CompiledTraining CompileTraining(GpuDevice device, TrainingOptions options, IWeightSource? initial = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(options);
        TrainingPlan plan = PlanTraining(device.Info, options with { Kernels = options.Kernels ?? ConvolutionKernels.Tuned(device) });
        float[] multipliers = plan.Update is null ? [] : options.Multipliers?.Invoke(plan.Parameters) ?? Ones(plan.Update.Multipliers.Elements);
        try
        {
            return new CompiledTraining(device, plan, initial ?? Source, multipliers, cancel);
        }
        catch (VkInceptionException e) when (e.Code is ErrorCode.OutOfDeviceMemory)
        {
            throw LargestBatch.Advice(e, device, $"{Name}: a training step", options.Batch, batch => Bytes(options with { Batch = batch }),
                options.CheckpointActivations ? null : ("--checkpoint-activations", Bytes(options with { CheckpointActivations = true })));
        }

        long Bytes(TrainingOptions asked) => PlanTraining(device.Info, asked).Bytes;
    }

    /// <summary>The elements of a parameter in logical order: from the checkpoint, from the graph file, or derived from others.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.WeightMismatch"/> where it has no weights.</exception>
    public ReadOnlyMemory<float> ReadParameter(Parameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        if (parameter.Value is { } value && !Source.Has(parameter)) return value;
        return parameter.Derive is null ? Source.Read(parameter) : parameter.Derive(ReadParameter);
    }

    /// <summary>The network as it runs: what the wanted output needs, rewritten for inference.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.UnknownNode"/>, <see cref="ErrorCode.ShapeMismatch"/>.</exception>
    public Network InferenceNetwork(CompileOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Batch < 1) throw new VkInceptionException(ErrorCode.InvalidArgument, $"batch {options.Batch}: at least 1 is needed");
        Network whole = build(new ModelOptions(options.Batch, options.Height, options.Width, options.Classes));
        Tensor output = options.Output is null ? whole.Outputs[0] : whole.Find(options.Output);
        return Rewrite.ForInference(whole.WithOutputs(output), options.WithoutRewrites);
    }

    /// <summary>Plans the network for a device without touching device memory; kernels are chosen by an estimate unless the options name a chooser.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.DeviceUnsuitable"/>: half precision on a device without half-precision storage; unknown nodes, shape errors.</exception>
    public ExecutionPlan Plan(DeviceInfo device, CompileOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(device);
        options ??= new CompileOptions();
        if (options.Precision == Precision.Half && !device.Storage16Bit)
            throw new VkInceptionException(ErrorCode.DeviceUnsuitable, $"{device.Name}: half precision needs half-precision storage (storageBuffer16BitAccess), which this device lacks; run with --precision fp32 or on another device");
        return Planner.Plan(InferenceNetwork(options), options.Kernels ?? new ConvolutionKernels(DeviceTraits.Of(device)), options.Precision);
    }

    /// <summary>Plans, uploads the weights and records the commands. Kernels that were measured on the device (<see cref="Tuning.KernelTuner"/>) are taken where they were; nothing is measured here.</summary>
    /// <param name="device">Where it will run.</param>
    /// <param name="options">Batch, image size, output; null takes one image, the model's own size, the logits.</param>
    /// <param name="cancel">Stops between two parameters or pipelines.</param>
    /// <exception cref="VkInceptionException">
    /// <see cref="ErrorCode.OutOfDeviceMemory"/>, naming what is needed, what there is and the largest batch that fits; <see cref="ErrorCode.WeightMismatch"/> when
    /// there are no weights; shape errors; Vulkan's errors. Nothing half-built stays behind.
    /// </exception>
    /// <exception cref="OperationCanceledException">When cancelled; nothing half-built stays behind.</exception>
    public CompiledModel Compile(GpuDevice device, CompileOptions? options = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(device);
        options ??= new CompileOptions();
        if (options.RunsInFlight is < 1 or > CompileOptions.MostRunsInFlight)
            throw new VkInceptionException(ErrorCode.InvalidArgument, $"{Name}: {options.RunsInFlight} runs at once; from 1 to {CompileOptions.MostRunsInFlight} can be");
        ExecutionPlan plan = Plan(device.Info, options with { Kernels = options.Kernels ?? ConvolutionKernels.Tuned(device) });
        try
        {
            return new CompiledModel(device, plan, Source, options.RunsInFlight, cancel);
        }
        catch (VkInceptionException e) when (e.Code is ErrorCode.OutOfDeviceMemory)
        {
            throw LargestBatch.Advice(e, device, $"{Name}: running a batch", options.Batch, batch => Bytes(options with { Batch = batch }),
                options.Precision == Precision.Half || !device.Info.Storage16Bit ? null : ("--precision fp16", Bytes(options with { Precision = Precision.Half })));
        }

        long Bytes(CompileOptions asked) => CompiledModel.BytesOf(Plan(device.Info, asked), options.RunsInFlight);
    }

    /// <summary>As <see cref="Compile"/>, without blocking the calling thread: reading weights and making pipelines can take seconds.</summary>
    /// <inheritdoc cref="Compile"/>
    public Task<CompiledModel> CompileAsync(GpuDevice device, CompileOptions? options = null, CancellationToken cancel = default)
        => Task.Run(() => Compile(device, options, cancel), cancel);

    /// <summary>Closes the files.</summary>
    public void Dispose()
    {
        foreach (IDisposable file in owned) file.Dispose();
    }

    /// <summary>The network with the classes and for the images that a checkpoint was trained with, unless others are asked for.</summary>
    private Model As(TrainedAs trained, IWeightSource source, IReadOnlyList<IDisposable> files)
    {
        return new Model(Name, Card, trained.Input ?? ImageInput, Build, source, files) { ClassNames = trained.ClassNames };

        Network Build(ModelOptions o) => build(o with
        {
            Height = o.Height > 0 ? o.Height : trained.Input?.Height ?? 0,
            Width = o.Width > 0 ? o.Width : trained.Input?.Width ?? 0,
            Classes = o.ClassesOr(trained.Classes),
        });
    }

    private static float[] Ones(long count)
    {
        var ones = new float[count];
        Array.Fill(ones, 1f);
        return ones;
    }

    private static Model FromZoo(ModelCard card) => new(card.Name, card, card.Input, card.Build, null, []);

    private static Model FromOnnx(string path)
    {
        OnnxModel model = OnnxModel.Open(path);
        return new Model(Path.GetFileName(path), null, ImageInput.Torchvision, o => ReplaceClassifier.Apply(OnnxImporter.Import(model, o.Batch, o.Height, o.Width), o.Classes), new EmbeddedWeights(path), [model]);
    }

    private static Model FromCaffe(string path)
    {
        PrototxtDocument document = PrototxtDocument.Open(path);
        return new Model(Path.GetFileName(path), null, ImageInput.Bvlc, o => ReplaceClassifier.Apply(CaffeImporter.Import(document, o.Batch, o.Height, o.Width), o.Classes), null, []);
    }

    /// <summary>Serves networks whose parameters all have values in the graph file; names the way out for those that do not.</summary>
    private sealed class EmbeddedWeights(string name) : IWeightSource
    {
        public bool Has(Parameter parameter) => false;

        public ReadOnlyMemory<float> Read(Parameter parameter)
            => throw new VkInceptionException(ErrorCode.WeightMismatch, $"{name}: no weights for \"{parameter.Name}\"; give a checkpoint with --weights");
    }
}
