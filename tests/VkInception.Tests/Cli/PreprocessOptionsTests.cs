using System.CommandLine;
using NUnit.Framework;
using VkInception.Cli;

namespace VkInception.Tests.Cli;

/// <summary>Preprocessing on the command line.</summary>
public class PreprocessOptionsTests
{
    [Test]
    public void WhatIsNotAskedForStaysTheNetworks() => Assert.That(Apply(224, ImageInput.Torchvision), Is.EqualTo(ImageInput.Torchvision));

    [Test]
    public void AnotherInputSizeKeepsTheProportionOfTheCrop() =>
        Assert.That(Apply(448, ImageInput.Bvlc), Is.EqualTo(ImageInput.Bvlc with { Width = 448, Height = 448, ResizeTo = 512 }));

    [Test]
    public void EveryPartCanBeReplaced()
    {
        ImageInput input = Apply(
            224, ImageInput.Torchvision, "--resize", "warp", "--resize-to", "300", "--order", "bgr", "--mean", "1,2,3", "--std", "4,5,6", "--scale", "0.5");

        Assert.That((input.Resize, input.ResizeTo, input.Order, input.Scale), Is.EqualTo((ResizeMode.Warp, 300, ChannelOrder.Bgr, 0.5f)));
        Assert.That(input.Mean, Is.EqualTo(new float[] { 1, 2, 3 }));
        Assert.That(input.Deviation, Is.EqualTo(new float[] { 4, 5, 6 }));
    }

    private static ImageInput Apply(int size, ImageInput network, params string[] arguments)
    {
        var options = new PreprocessOptions();
        var command = new Command("classify");
        foreach (Option option in options.All)
            command.Options.Add(option);
        return options.Apply(command.Parse(arguments), network, size, size);
    }
}
