using VkInception.Fuzz.Mutations;
using VkInception.Tests.Weights;
using VkInception.Weights;

namespace VkInception.Fuzz.Readers;

/// <summary>The pickle of a torch file by itself: what is spoilt is wrapped into a sound zip file.</summary>
internal sealed class PickleReader() : Reader("pickle")
{
    public override IReadOnlyList<byte[]> Seeds { get; } =
    [
        new PickleBytes().Raw("}(").Text("conv.weight").Tensor("0", 16, 0, [2, 2, 2, 2], [8, 4, 2, 1]).Text("conv.bias").Tensor("0", 16, 3, [4], [1]).Raw("u.").ToArray(),
        new PickleBytes().Global("collections", "OrderedDict").Raw(")R").Raw("(").Text("module.w").Tensor("0", 16, 0, [4, 2], [1, 4]).Raw("u}b.").ToArray(),
        new PickleBytes().Raw("}(").Text("state_dict").Raw("}q\0").Text("w").Tensor("0", 16, 0, [3, 2], [0, 1]).Raw("s").Text("epoch").Raw("K\u0005").Text("args").Raw("](K\u0001K\u0002e").Raw("u.").ToArray(),
    ];

    public override IReadOnlyList<Mutation> Grammar { get; } = [new PickleMutation()];

    public override string Read(byte[] input)
    {
        byte[] file = new PickleBytes().Raw(input.Length > 2 ? input[2..] : []).ToTorchZip(16);
        using Checkpoint checkpoint = Checkpoint.Open(Scratch.Write("pickle.pth", file));
        foreach (NamedTensor tensor in checkpoint.Tensors.Take(100)) tensor.ToFloat32();
        return $"tensors {Math.Min(checkpoint.Tensors.Count, 6)} notes {Math.Min(checkpoint.Notes.Count, 4)} rank {(char)('a' + checkpoint.Tensors.Select(t => t.Shape.Length).DefaultIfEmpty().Max())}";
    }
}
