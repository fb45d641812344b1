using NUnit.Framework;
using VkInception.Cli.Evaluating;

namespace VkInception.Tests.Cli;

/// <summary>Which network of an ensemble takes which checkpoint.</summary>
public class EnsembleTests
{
    [TestCase("googlenet", "", "googlenet:")]
    [TestCase("googlenet", "a b", "googlenet:a googlenet:b")]
    [TestCase("x.onnx vgg16", "a", "x.onnx: vgg16:a")]
    [TestCase("vgg16 x.onnx alexnet", "a b", "vgg16:a x.onnx: alexnet:b")]
    [TestCase("x.onnx y.onnx", "", "x.onnx: y.onnx:")]
    public void CheckpointsGoToNetworksInOrder(string models, string weights, string pairs)
        => Assert.That(string.Join(' ', Ensemble.Pairs(models.Split(' '), Words(weights)).Select(p => $"{p.Model}:{p.Weights}")), Is.EqualTo(pairs));

    [TestCase("x.onnx vgg16", "")]
    [TestCase("x.onnx vgg16", "a b")]
    [TestCase("x.onnx y.onnx", "a")]
    public void TooManyOrTooFewAreRefused(string models, string weights)
        => Assert.That(() => Ensemble.Pairs(models.Split(' '), Words(weights)).ToList(), Throws.TypeOf<VkInceptionException>().With.Message.Contains("the ensemble needs"));

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
