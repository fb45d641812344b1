using VkInception.Imaging;

namespace VkInception.DeviceTests.Networks;

internal sealed class EmptyBatchTests(DeviceUnderTest target) : DeviceFixture(target)
{
    [Test]
    public void WhereNoPhotoCouldBeReadTheErrorSaysSo()
    {
        using Model model = Model.Load("lenet5").WithWeights(new SeededWeights(1));
        using CompiledModel compiled = model.Compile(Device, new CompileOptions());
        PhotoBatch photos = BatchLoader.Load(["missing.jpg", "lost.png"], ImageInput.Torchvision);
        Assert.That(photos.Failures, Has.Count.EqualTo(2));
        Assert.That(() => compiled.Run(photos.Tensor.Span), Fails(ErrorCode.InvalidArgument, "lenet5", "the batch is empty", "none could be read"));
    }
}
