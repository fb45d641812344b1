namespace VkInception.Training;

/// <summary>Is told how a run goes, on the training thread: a progress bar.</summary>
public interface ITrainingObserver
{
    /// <summary>The run begins, or goes on.</summary>
    void Started(RunRecord run, long step, long totalSteps);

    /// <summary>A step is done.</summary>
    void StepDone(StepRecord step, long totalSteps);

    /// <summary>Evaluation moves on.</summary>
    void Evaluating(int done, int total);

    /// <summary>An epoch is trained, evaluated and saved.</summary>
    void EpochDone(EpochRecord epoch);

    /// <summary>Something that the user should know: a checkpoint that could not be written, one that was passed over.</summary>
    void Notice(string text);
}
