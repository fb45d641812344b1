namespace VkInception.Imaging.Batches;

/// <summary>What a <see cref="BatchQueue"/> fills its batches with.</summary>
internal interface IBatchSource
{
    /// <summary>The next batch; null after the last. Called by one thread at a time, in order.</summary>
    BatchPlan? Next();

    /// <summary>What one thread fills images with.</summary>
    IImageFiller NewFiller();
}
