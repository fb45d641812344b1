namespace VkInception.Fuzz;

/// <summary>Makes the next input of a reader: one to a few mutations on top of each other, checksums put right most of the time.</summary>
internal sealed class Spoiler(Reader reader, Corpus corpus, Random random)
{
    private static readonly Mutation bytes = new Mutations.ByteMutation();

    public byte[] Next()
    {
        byte[] input = corpus.Pick();
        do
        {
            Mutation mutation = reader.Grammar.Count > 0 && random.Next(4) != 0 ? reader.Grammar[random.Next(reader.Grammar.Count)] : bytes;
            byte[]? spoilt = mutation.Apply(input, random, corpus.Pick()) ?? bytes.Apply(input, random, corpus.Pick());
            if (spoilt is { Length: <= Trial.LargestInput }) input = spoilt;
        }
        while (random.Next(3) == 0);
        return random.Next(5) == 0 ? input : reader.Seal(input);
    }
}
