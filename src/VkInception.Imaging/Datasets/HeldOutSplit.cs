namespace VkInception.Imaging.Datasets;

/// <summary>Divides one split in two, by the same share of each class.</summary>
internal static class HeldOutSplit
{
    public static (DatasetSplit Training, DatasetSplit Evaluation) Divide(string path, DatasetSplit whole, double share, ulong seed)
    {
        var held = new bool[whole.Count];
        foreach (IGrouping<int, int> group in Enumerable.Range(0, whole.Count).GroupBy(whole.Label))
        {
            int[] members = [.. group];
            if (members.Length < 2)
                throw new VkInceptionException(ErrorCode.InvalidArgument, $"{path}: class '{whole.ClassNames[group.Key]}' has one image, so none can be held out; add images, or hold nothing out");
            int count = Math.Clamp((int)Math.Round(members.Length * share), 1, members.Length - 1);
            new PhiloxStream(seed, RandomStreams.HeldOut(group.Key)).Shuffle(members.AsSpan());
            foreach (int index in members.AsSpan(0, count)) held[index] = true;
        }
        return (whole.At("training", Enumerable.Range(0, whole.Count).Where(i => !held[i])),
            whole.At("evaluation", Enumerable.Range(0, whole.Count).Where(i => held[i])));
    }
}
