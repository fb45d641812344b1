namespace VkInception.Graph.Training.Initializers;

/// <summary>Caffe's Xavier, uniform in ±√(3/fan-in), as BVLC's GoogLeNet begins: biases are 0.2, but 0 on the classifiers.</summary>
/// <param name="Bias">What biases of hidden layers begin with.</param>
public sealed record BvlcInitializer(float Bias = 0.2f) : Initializer
{
    /// <inheritdoc/>
    protected override string Text => $"bvlc:bias={SettingsText.Number(Bias)}";

    /// <inheritdoc/>
    protected override Distribution WeightsOf(Parameter parameter) => new(DistributionKind.Uniform, Math.Sqrt(3 / FanIn(parameter)));

    /// <inheritdoc/>
    protected override float BiasOf(Parameter parameter)
        // loss1/classifier, loss2/classifier, loss3/classifier of BVLC's definition.
        => parameter.Name.Contains("classifier", StringComparison.Ordinal) ? 0 : Bias;

    internal static BvlcInitializer Read(SettingsText s) => new(s.Single("bias", 0.2f));
}
