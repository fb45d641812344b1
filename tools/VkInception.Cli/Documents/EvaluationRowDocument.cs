namespace VkInception.Cli.Documents;

/// <summary>A way of testing, as a row of the GoogLeNet paper's table 3; <c>Crops</c> is 0 where the network saw whole images, <c>Cost</c> its networks times crops.</summary>
internal sealed record EvaluationRowDocument(int Models, int Crops, int Cost, double MillisecondsPerImage, double ImagesPerSecond, double Top1, double Top5, double Loss);
