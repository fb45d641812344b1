namespace VkInception.Training;

/// <summary>Labelled images to train and evaluate on. The library trains on whatever serves this; VkInception.Imaging's data sets do, by a few lines of the caller's.</summary>
public interface ITrainingData
{
    /// <summary>The data as the user named it.</summary>
    string Name { get; }

    /// <summary>Class names in the order of the labels.</summary>
    IReadOnlyList<string> Classes { get; }

    /// <summary>Names the data: equal for equal files in an equal order.</summary>
    string Fingerprint { get; }

    /// <summary>Images to train on.</summary>
    int TrainingImages { get; }

    /// <summary>Images to evaluate on; 0 for none.</summary>
    int EvaluationImages { get; }

    /// <summary>The batches of an epoch, from one on; an epoch has <c>TrainingImages / batch</c> of them, in an order that seed and epoch decide alone.</summary>
    /// <param name="batch">Images in each.</param>
    /// <param name="epoch">From 0.</param>
    /// <param name="first">The first batch that is wanted.</param>
    IBatchStream Train(int batch, int epoch, int first);

    /// <summary>The evaluation images in order, the last batch filled up with anything.</summary>
    /// <param name="batch">Images in each.</param>
    IBatchStream Evaluate(int batch);

    /// <summary>What an evaluation image is called: its file.</summary>
    string NameOf(int evaluationImage);

    /// <summary>A small picture of an evaluation image, for the report; null where there is none.</summary>
    Picture? Thumbnail(int evaluationImage);
}
