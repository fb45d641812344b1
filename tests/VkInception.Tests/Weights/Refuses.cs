using NUnit.Framework;
using NUnit.Framework.Constraints;

namespace VkInception.Tests.Weights;

/// <summary>The one exception type, with its code, one line, and words that the message must have.</summary>
internal static class Refuses
{
    public static Constraint With(ErrorCode code, params string[] words)
    {
        Constraint constraint = Throws.TypeOf<VkInceptionException>()
            .With.Property(nameof(VkInceptionException.Code)).EqualTo(code)
            .And.Message.Not.Contains("\n");
        return words.Aggregate(constraint, (sum, word) => sum.And.Message.Contains(word));
    }
}
