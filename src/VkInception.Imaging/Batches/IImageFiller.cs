namespace VkInception.Imaging.Batches;

/// <summary>Fills images of batches; for one thread.</summary>
internal interface IImageFiller
{
    /// <summary>Writes one image of a batch.</summary>
    /// <param name="plan">The batch.</param>
    /// <param name="position">Place in the batch.</param>
    /// <param name="destination">Receives the image.</param>
    /// <param name="failures">Receives images that cannot be read, where that is no error.</param>
    /// <returns>The image's place in the split; -1 when there is none to write.</returns>
    /// <exception cref="VkInceptionException">When an image cannot be read and that is an error.</exception>
    int Fill(BatchPlan plan, int position, Span<float> destination, List<PhotoFailure> failures);
}
