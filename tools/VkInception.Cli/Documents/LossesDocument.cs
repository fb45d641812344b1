namespace VkInception.Cli.Documents;

/// <summary><c>train --json</c> on one batch: the loss before each step.</summary>
internal sealed record LossesDocument(string Model, string Device, string Precision, IReadOnlyList<double> Losses, int Correct, int Batch);
