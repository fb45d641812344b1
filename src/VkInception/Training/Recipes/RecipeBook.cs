using System.Collections.Immutable;
using VkInception.Graph.Training;

namespace VkInception.Training.Recipes;

/// <summary>The training recipes of the papers.</summary>
public static class RecipeBook
{
    /// <summary>All recipes, oldest first.</summary>
    public static ImmutableArray<Recipe> All { get; } =
    [
        new("alexnet", "ImageNet Classification with Deep Convolutional Neural Networks (2012), sections 4 and 5; BVLC's solver for the moments", "sgd:form=caffe", 0.01f, "step:gamma=0.1,epochs=20", 128, 90, "alexnet")
        {
            WeightDecay = 5e-4f,
            Groups = ParameterGroups.Bvlc,
            Remark = "the paper lowers the rate when validation stands still, three times; the moments are BVLC's",
        },
        new("vgg", "arXiv 1409.1556, section 3.1", "sgd", 0.01f, "multistep:gamma=0.1,epochs=20/40/60", 256, 74, "vgg")
        {
            WeightDecay = 5e-4f,
            Remark = "the paper lowers the rate when validation stands still, three times in 74 epochs; the moments here divide them evenly. Its networks of several scales begin with the weights of one of the scale 384",
        },
        new("googlenet-2014", "arXiv 1409.4842, section 6; BVLC's solver for rate, decay and batch", "sgd:form=caffe", 0.01f, "step:gamma=0.96,epochs=8", 32, 250, "googlenet")
        {
            WeightDecay = 2e-4f,
            AuxiliaryWeight = 0.3f,
            AverageDecay = 0.9999f,
            Groups = ParameterGroups.Bvlc,
            Remark = "the paper trains asynchronously and tells neither rate nor decay; its Polyak averaging is a moving average here",
        },
        new("inception-v3", "arXiv 1512.00567, sections 7 and 8; TensorFlow's released training program for momentum, decay and average", "rmsprop:alpha=0.9,epsilon=1,form=tensorflow", 0.045f, "step:gamma=0.94,epochs=2", 32, 100, "googlenet")
        {
            WeightDecay = 4e-5f,
            ClipNorm = 2,
            Smoothing = 0.1f,
            AverageDecay = 0.9999f,
            Initialization = "truncated-normal:deviation=0.1,limit=2",
            Remark = "the rate is for 50 replicas of 32 images at once; with one, a smaller --lr is sound",
        },
        new("resnet", "arXiv 1512.03385, section 3.4", "sgd", 0.1f, "multistep:gamma=0.1,epochs=30/60/90", 256, 120, "resnet")
        {
            WeightDecay = 1e-4f,
            Initialization = "he",
            Remark = "the paper lowers the rate when the error stands still (figure 4)",
        },
        new("resnet-cifar", "arXiv 1512.03385, section 4.2", "sgd", 0.1f, "multistep:gamma=0.1,steps=32000/48000", 128, 164, "cifar")
        {
            WeightDecay = 1e-4f,
            Initialization = "he",
            Remark = "64,000 steps of 128 are 164 epochs of 50,000 images; ResNet-110 begins with warmup:steps=400,from=0.1",
        },
        new("squeezenet", "arXiv 1602.07360 and the solver released with it", "sgd:form=caffe", 0.04f, "poly:power=1", 512, 68, "alexnet")
        {
            WeightDecay = 2e-4f,
            Remark = "170,000 steps of 512 (16 times 32) are 68 epochs of ImageNet",
        },
    ];

    /// <summary>A recipe by its name.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InvalidArgument"/>, with the names that there are.</exception>
    public static Recipe Find(string name)
        => All.FirstOrDefault(r => r.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw new VkInceptionException(ErrorCode.InvalidArgument, $"recipe {name}: there is no such recipe; there are {string.Join(", ", All.Select(r => r.Name))}");
}
