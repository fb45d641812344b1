using FsCheck;
using FsCheck.Fluent;
using NUnit.Framework;
using VkInception.Imaging;

namespace VkInception.Tests.Imaging;

[TestFixture]
public sealed class CropPlanTests
{
    [Test]
    public void Ten_crops_are_those_of_torchvision()
    {
        // TenCrop(224) of a photo of 500x375: corners and centre of 341x256, then mirrored.
        IReadOnlyList<CropView> views = CropPlan.Create(10, 500, 375, ImageInput.Torchvision);
        (long Left, long Top)[] places = [(0, 0), (117, 0), (0, 32), (117, 32), (58, 16)];
        CropView[] expected = [.. places.Select(place => new CropView(341, 256, new CropBox(place.Left, place.Top, 224, 224)))];
        Assert.That(views, Is.EqualTo(expected.Concat(expected.Select(view => view with { Mirror = true }))));
    }

    [Test]
    public void One_crop_is_the_centre()
        => Assert.That(CropPlan.Create(1, 375, 500, ImageInput.Torchvision), Is.EqualTo(new[] { new CropView(256, 341, new CropBox(16, 58, 224, 224)) }));

    [Test]
    public void The_papers_144_views()
    {
        IReadOnlyList<CropView> views = CropPlan.Create(144, 600, 400, ImageInput.Torchvision);
        Assert.That(views, Has.Count.EqualTo(144));
        // Four scales of five crops per square, and the squares themselves at 224, left, centre and right.
        Assert.That(views.Select(view => view.ResizedHeight).Distinct(), Is.EquivalentTo(new[] { 256L, 288, 320, 352, 224 }));
        Assert.That(views.Where(view => view.ResizedHeight == 352).Select(view => view.Box.Left).Distinct(),
            Is.EquivalentTo(new long[] { 0, 128, 64, 88, 216, 152, 176, 304, 240 }));
        Assert.That(views.Count(view => view.Mirror), Is.EqualTo(72));
    }

    [Test]
    public void Every_view_of_every_photo_lies_inside_it()
    {
        Gen<int> side = Gen.OneOf(Gen.Choose(1, 40), Gen.Choose(41, 3000), Gen.Choose(3001, 1_000_000));
        Arbitrary<(int Width, int Height)> sizes = (from width in side from height in side select (width, height)).ToArbitrary();
        ImageInput[] inputs = [ImageInput.Torchvision, ImageInput.Bvlc, ImageInput.Torchvision with { Width = 299, Height = 299, ResizeTo = 299 }];
        Prop.ForAll(sizes, size => inputs.All(input => new[] { 1, 10, 144 }.All(crops =>
            CropPlan.Create(crops, size.Width, size.Height, input) is var views && views.Count == crops
            && views.All(view => view.Box.IsInside(view.ResizedWidth, view.ResizedHeight) && view.Box.Width == input.Width)))).QuickCheckThrowOnFailure();
    }

    [Test]
    public void Another_number_of_crops_is_refused()
        => Assert.That(Assert.Throws<VkInceptionException>(() => CropPlan.Create(7, 10, 10, ImageInput.Bvlc))!.Message, Does.Contain("1, 10 or 144"));
}
