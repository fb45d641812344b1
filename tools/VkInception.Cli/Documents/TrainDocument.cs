namespace VkInception.Cli.Documents;

/// <summary><c>train --json</c> on data.</summary>
internal sealed record TrainDocument(string Model, string Device, string Output, long Steps, int Epochs, bool Finished, double? Top1, double? Top5, double? Loss, double? BestTop1);
